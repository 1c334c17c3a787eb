//! Measures with the cells that their two parts are the sums of, written down once more by hand.

const REVIEW: [&str; 5] = [
    "challenges/review/upheld",
    "challenges/review/corrected",
    "challenges/review/other",
    "challenges/review/pending",
    "challenges/review/total",
];
const LAWSUITS: [&str; 6] = [
    "challenges/litigation_direct/upheld",
    "challenges/litigation_after_review/upheld",
    "challenges/litigation_direct/corrected",
    "challenges/litigation_after_review/corrected",
    "challenges/litigation_direct/other",
    "challenges/litigation_after_review/other",
];
const PROCESSED: [&str; 1] = ["applications/processed_total/total"];
const RECEIVED: [&str; 1] = ["applications/received.new/total"];
const REFUSED: [&str; 8] = [
    "applications/refused.state_secret/total",
    "applications/refused.prohibited_by_law/total",
    "applications/refused.security_and_stability/total",
    "applications/refused.third_party/total",
    "applications/refused.internal_affairs/total",
    "applications/refused.deliberative/total",
    "applications/refused.enforcement_file/total",
    "applications/refused.administrative_query/total",
];

/// A measure, its numerator and its denominator.
pub type Case = (&'static str, &'static [&'static str], &'static [&'static str]);

pub const OF_2021: [Case; 22] = [
    ("review-correction-rate", &[REVIEW[1]], &[REVIEW[0], REVIEW[1], REVIEW[2]]),
    ("review-upheld-rate", &[REVIEW[0]], &[REVIEW[0], REVIEW[1], REVIEW[2]]),
    ("review-corrected-share", &[REVIEW[1]], &[REVIEW[4]]),
    ("review-cases", &[REVIEW[4]], &[]),
    ("litigation-correction-rate", &[LAWSUITS[2], LAWSUITS[3]], &LAWSUITS),
    ("litigation-upheld-rate", &[LAWSUITS[0], LAWSUITS[1]], &LAWSUITS),
    ("reviews-per-100-applications", &[REVIEW[4]], &RECEIVED),
    (
        "litigation-after-review-per-review",
        &["challenges/litigation_after_review/total"],
        &[REVIEW[4]],
    ),
    ("applications-received", &RECEIVED, &[]),
    (
        "disclosure-rate",
        &["applications/granted/total", "applications/partially_granted/total"],
        &PROCESSED,
    ),
    ("refusal-rate", &REFUSED, &PROCESSED),
    ("refusal-share-third-party", &[REFUSED[3]], &REFUSED),
    ("refusal-share-state-secret", &[REFUSED[0]], &REFUSED),
    ("not-held-share", &["applications/unavailable.not_held/total"], &PROCESSED),
    (
        "unavailable-share",
        &[
            "applications/unavailable.not_held/total",
            "applications/unavailable.needs_creation/total",
            "applications/unavailable.still_unclear/total",
        ],
        &PROCESSED,
    ),
    (
        "not-processed-share",
        &[
            "applications/not_processed.petition/total",
            "applications/not_processed.duplicate/total",
            "applications/not_processed.publication/total",
            "applications/not_processed.excessive/total",
            "applications/not_processed.reissue/total",
        ],
        &PROCESSED,
    ),
    (
        "carry-out-ratio",
        &["applications/carried_out/total"],
        &["applications/received.carried_in/total", RECEIVED[0]],
    ),
    (
        "corporate-share",
        &[
            "applications/received.new/business",
            "applications/received.new/research",
            "applications/received.new/welfare",
            "applications/received.new/legal_service",
            "applications/received.new/other_org",
        ],
        &RECEIVED,
    ),
    ("applicant-share-natural-person", &["applications/received.new/natural_person"], &RECEIVED),
    (
        "normative-documents-churn",
        &["disclosure/normative_documents/issued", "disclosure/normative_documents/repealed"],
        &["disclosure/normative_documents/in_force"],
    ),
    ("licensing-decisions", &["disclosure/licensing/decisions"], &[]),
    ("fees-charged", &["disclosure/fees/amount"], &[]),
];

pub const OF_2014: [Case; 8] = [
    (
        "review-correction-rate",
        &["statistics/review.corrected/value"],
        &[
            "statistics/review.upheld/value",
            "statistics/review.corrected/value",
            "statistics/review.other/value",
        ],
    ),
    (
        "disclosure-rate",
        &[
            "statistics/applications.replied.granted/value",
            "statistics/applications.replied.partially_granted/value",
        ],
        &["statistics/applications.replied/value"],
    ),
    (
        "disclosure-rate-with-public",
        &[
            "statistics/applications.replied.already_public/value",
            "statistics/applications.replied.granted/value",
            "statistics/applications.replied.partially_granted/value",
        ],
        &["statistics/applications.replied/value"],
    ),
    (
        "refusal-2014-share-privacy",
        &["statistics/applications.replied.refused.privacy/value"],
        &["statistics/applications.replied.refused/value"],
    ),
    (
        "refusal-share-state-secret",
        &["statistics/applications.replied.refused.state_secret/value"],
        &["statistics/applications.replied.refused/value"],
    ),
    (
        "not-held-share",
        &["statistics/applications.replied.not_existing/value"],
        &["statistics/applications.replied/value"],
    ),
    (
        "normative-documents-issued",
        &["statistics/disclosure.normative_documents_issued/value"],
        &[],
    ),
    ("fees-for-applications", &["statistics/fees.amount/value"], &[]),
];

pub const OF_2019: [Case; 4] = [
    ("fee-items", &["disclosure/fees/items_last_year", "disclosure/fees/change"], &[]),
    ("normative-documents-issued", &["disclosure/normative_documents/made"], &[]),
    ("penalties-decisions", &["disclosure/penalties/decisions"], &[]),
    ("refusal-rate", &REFUSED, &PROCESSED),
];
