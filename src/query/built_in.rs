//! The queries built in.

/// Each name is a file in `queries/`.
macro_rules! built_in {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../queries/", $name, ".sql")))),*]
    };
}

/// Name and text of each query, by subject and in the order in which they are listed.
pub(super) const BUILT_IN: &[(&str, &str)] = built_in![
    // trends
    "applications-by-year",
    "disclosure-rate-by-year",
    "rate-by-year",
    "applications-per-body",
    "applicants",
    "corporate-share",
    "body-history",
    // outcomes
    "outcomes",
    "refusal-grounds",
    "not-processed-reasons",
    "not-held-share",
    // rankings
    "largest-receivers",
    "rate-ranking",
    "levels-and-kinds",
    "biggest-movers",
    "application-movers",
    "peers",
    "never-received",
    // backlogs
    "carried-over",
    "largest-backlogs",
    "growing-backlogs",
    // regions
    "region-summary",
    "region-rollup",
    "region-ranking",
    // challenges
    "review-correction-rate",
    "litigation-correction-rate",
    "corrected-bodies",
    "reviews-per-100",
    "litigation-after-review",
    "region-challenges",
    // disclosure
    "disclosure-by-year",
    "normative-documents",
    "administrative-decisions",
    "largest-deciders",
    "fees",
    "processing-fees",
    // coverage
    "coverage-by-year",
    "missing-reports",
    "late-publishers",
    "editions",
    // quality
    "findings-by-rule",
    "most-errors",
    "incomplete-cells",
    "several-reports",
    "sources",
];
