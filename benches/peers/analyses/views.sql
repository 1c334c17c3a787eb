-- What several of the analyses' peers read: made once, before anything is timed.

-- The key of a level, as answers have it.
CREATE OR REPLACE MACRO level_key(level) AS
    CASE level WHEN 0 THEN 'central' WHEN 1 THEN 'province' WHEN 2 THEN 'city' WHEN 3 THEN 'county' WHEN 4 THEN 'township' END;

-- A numerator by a denominator, as the unit of the measure has it.
CREATE OR REPLACE MACRO value_of(unit, n, d) AS
    CASE
        WHEN unit IN ('count', 'money_fen') THEN CAST(n AS DOUBLE)
        WHEN d <> 0 THEN CASE unit WHEN 'per_100' THEN 100.0::DOUBLE ELSE 1.0::DOUBLE END * n::DOUBLE / d::DOUBLE
    END;

-- Half the width of a 95 % interval of the normal distribution.
CREATE OR REPLACE MACRO z() AS 1.959963984540054::DOUBLE;

-- The disclosure rate of every report: n and d are both NULL where either is not settled.
CREATE OR REPLACE VIEW disclosed AS
SELECT
    f.year,
    f.report_id,
    f.organ_id,
    f.scope,
    f.edition,
    f.covered_depth,
    f.kind,
    f.level,
    CASE WHEN f.processed IS NOT NULL THEN f.granted + f.partially_granted END AS n,
    CASE WHEN f.granted + f.partially_granted IS NOT NULL THEN f.processed END AS d
FROM report_figure AS f;

-- All measures of the own reports of a year, a row a report and measure; of all bodies (NULL) or of
-- those whose series are listed. n and d are both NULL where either is not settled or not asked.
CREATE OR REPLACE MACRO measured(asked_year, bodies) AS TABLE
WITH chosen AS (
    SELECT f.*, COALESCE(o.series_id, o.id) AS series_id
    FROM report_figure AS f
    INNER JOIN organ AS o ON o.id = f.organ_id
    WHERE f.year = asked_year
        AND f.scope = 'own'
        AND (bodies IS NULL OR list_contains(bodies, COALESCE(o.series_id, o.id)))
),
lines AS (
    SELECT
        a.report_id,
        MAX(a.total) FILTER (d.row_key = 'refused.state_secret') AS state_secret,
        MAX(a.total) FILTER (d.row_key = 'refused.security_and_stability') AS security_and_stability,
        MAX(a.total) FILTER (d.row_key = 'refused.prohibited_by_law') AS prohibited_by_law,
        MAX(a.total) FILTER (d.row_key = 'refused.third_party') AS third_party,
        MAX(a.total) FILTER (d.row_key = 'refused.internal_affairs') AS internal_affairs,
        MAX(a.total) FILTER (d.row_key = 'refused.deliberative') AS deliberative,
        MAX(a.total) FILTER (d.row_key = 'refused.enforcement_file') AS enforcement_file,
        MAX(a.total) FILTER (d.row_key = 'refused.administrative_query') AS administrative_query,
        MAX(a.natural_person) FILTER (d.row_key = 'received.new') AS natural_person,
        MAX(a.business) FILTER (d.row_key = 'received.new') AS business,
        MAX(a.research) FILTER (d.row_key = 'received.new') AS research,
        MAX(a.welfare) FILTER (d.row_key = 'received.new') AS welfare,
        MAX(a.legal_service) FILTER (d.row_key = 'received.new') AS legal_service,
        MAX(a.other_org) FILTER (d.row_key = 'received.new') AS other_org
    FROM application_fact AS a
    INNER JOIN form_row AS d ON d.id = a.row_id
    WHERE (d.row_key LIKE 'refused.%' OR d.row_key = 'received.new')
        AND a.report_id IN (SELECT c.report_id FROM chosen AS c)
    GROUP BY a.report_id
),
lines_2014 AS (
    SELECT
        a.report_id,
        MAX(a.value) FILTER (d.row_key = 'applications.replied.already_public') AS already_public,
        MAX(a.value) FILTER (d.row_key = 'applications.replied.refused.state_secret') AS state_secret,
        MAX(a.value) FILTER (d.row_key = 'applications.replied.refused.security_and_stability') AS security_and_stability,
        MAX(a.value) FILTER (d.row_key = 'applications.replied.refused.trade_secret') AS trade_secret,
        MAX(a.value) FILTER (d.row_key = 'applications.replied.refused.privacy') AS privacy,
        MAX(a.value) FILTER (d.row_key = 'applications.replied.refused.not_government_information') AS no_information,
        MAX(a.value) FILTER (d.row_key = 'applications.replied.refused.other_law') AS other_law,
        MAX(a.value) FILTER (d.row_key = 'disclosure.normative_documents_issued') AS issued
    FROM statistic_fact AS a
    INNER JOIN form_row AS d ON d.id = a.row_id
    WHERE (d.row_key LIKE 'applications.replied.%' OR d.row_key = 'disclosure.normative_documents_issued')
        AND a.report_id IN (SELECT c.report_id FROM chosen AS c)
    GROUP BY a.report_id
),
decisions AS (
    SELECT
        a.report_id,
        MAX(a.decisions) FILTER (d.row_key = 'licensing') AS licensing,
        MAX(a.decisions) FILTER (d.row_key = 'penalties') AS penalties,
        MAX(a.decisions) FILTER (d.row_key = 'coercion') AS coercion,
        MAX(a.made) FILTER (d.row_key = 'normative_documents') AS made
    FROM disclosure_fact AS a
    INNER JOIN form_row AS d ON d.id = a.row_id
    WHERE d.row_key IN ('licensing', 'penalties', 'coercion', 'normative_documents')
        AND a.report_id IN (SELECT c.report_id FROM chosen AS c)
    GROUP BY a.report_id
),
told AS (
    SELECT
        c.report_id,
        c.series_id,
        c.organ_id,
        COALESCE(level_key(c.level), '') || '/' || c.kind AS peers,
        unnest([
            {'number': 0, 'metric': 'review-correction-rate', 'unit': 'rate', 'least': 20, 'n': c.review_corrected, 'd': c.review_upheld + c.review_corrected + c.review_other},
            {'number': 1, 'metric': 'litigation-correction-rate', 'unit': 'rate', 'least': 20, 'n': c.litigation_corrected, 'd': c.litigation_upheld + c.litigation_corrected + c.litigation_other},
            {'number': 2, 'metric': 'review-upheld-rate', 'unit': 'rate', 'least': 20, 'n': c.review_upheld, 'd': c.review_upheld + c.review_corrected + c.review_other},
            {'number': 3, 'metric': 'litigation-upheld-rate', 'unit': 'rate', 'least': 20, 'n': c.litigation_upheld, 'd': c.litigation_upheld + c.litigation_corrected + c.litigation_other},
            {'number': 4, 'metric': 'review-corrected-share', 'unit': 'rate', 'least': 20, 'n': c.review_corrected, 'd': c.review_total},
            {'number': 5, 'metric': 'litigation-corrected-share', 'unit': 'rate', 'least': 20, 'n': c.litigation_corrected, 'd': c.litigation_total},
            {'number': 6, 'metric': 'review-cases', 'unit': 'count', 'least': NULL, 'n': c.review_total, 'd': 1},
            {'number': 7, 'metric': 'litigation-cases', 'unit': 'count', 'least': NULL, 'n': c.litigation_total, 'd': 1},
            {'number': 8, 'metric': 'reviews-per-100-applications', 'unit': 'per_100', 'least': 30, 'n': c.review_total, 'd': c.received},
            {'number': 9, 'metric': 'litigation-after-review-per-review', 'unit': 'ratio', 'least': 20, 'n': c.litigation_after_review, 'd': c.review_total},
            {'number': 10, 'metric': 'applications-received', 'unit': 'count', 'least': NULL, 'n': c.received, 'd': 1},
            {'number': 11, 'metric': 'applications-processed', 'unit': 'count', 'least': NULL, 'n': c.processed, 'd': 1},
            {'number': 12, 'metric': 'applications-per-body', 'unit': 'mean', 'least': 5, 'n': c.received, 'd': 1},
            {'number': 13, 'metric': 'disclosure-rate', 'unit': 'rate', 'least': 30, 'n': c.granted + c.partially_granted, 'd': c.processed},
            {'number': 14, 'metric': 'disclosure-rate-with-public', 'unit': 'rate', 'least': 30, 'n': CASE c.edition WHEN '2014' THEN s.already_public ELSE 0 END + c.granted + c.partially_granted, 'd': c.processed},
            {'number': 15, 'metric': 'granted-share', 'unit': 'rate', 'least': 30, 'n': c.granted, 'd': c.processed},
            {'number': 16, 'metric': 'granted-share-with-public', 'unit': 'rate', 'least': 30, 'n': CASE c.edition WHEN '2014' THEN s.already_public ELSE 0 END + c.granted, 'd': c.processed},
            {'number': 17, 'metric': 'partly-granted-share', 'unit': 'rate', 'least': 30, 'n': c.partially_granted, 'd': c.processed},
            {'number': 18, 'metric': 'refusal-rate', 'unit': 'rate', 'least': 30, 'n': c.refused, 'd': c.processed},
            {'number': 19, 'metric': 'refusal-share-state-secret', 'unit': 'rate', 'least': 30, 'n': COALESCE(a.state_secret, s.state_secret), 'd': c.refused},
            {'number': 20, 'metric': 'refusal-share-security-and-stability', 'unit': 'rate', 'least': 30, 'n': COALESCE(a.security_and_stability, s.security_and_stability), 'd': c.refused},
            {'number': 21, 'metric': 'refusal-share-prohibited-by-law', 'unit': 'rate', 'least': 30, 'n': a.prohibited_by_law, 'd': c.refused},
            {'number': 22, 'metric': 'refusal-share-third-party', 'unit': 'rate', 'least': 30, 'n': a.third_party, 'd': c.refused},
            {'number': 23, 'metric': 'refusal-share-internal-affairs', 'unit': 'rate', 'least': 30, 'n': a.internal_affairs, 'd': c.refused},
            {'number': 24, 'metric': 'refusal-share-deliberative', 'unit': 'rate', 'least': 30, 'n': a.deliberative, 'd': c.refused},
            {'number': 25, 'metric': 'refusal-share-enforcement-file', 'unit': 'rate', 'least': 30, 'n': a.enforcement_file, 'd': c.refused},
            {'number': 26, 'metric': 'refusal-share-administrative-query', 'unit': 'rate', 'least': 30, 'n': a.administrative_query, 'd': c.refused},
            {'number': 27, 'metric': 'refusal-2014-share-trade-secret', 'unit': 'rate', 'least': 30, 'n': s.trade_secret, 'd': c.refused},
            {'number': 28, 'metric': 'refusal-2014-share-privacy', 'unit': 'rate', 'least': 30, 'n': s.privacy, 'd': c.refused},
            {'number': 29, 'metric': 'refusal-2014-share-not-government-information', 'unit': 'rate', 'least': 30, 'n': s.no_information, 'd': c.refused},
            {'number': 30, 'metric': 'refusal-2014-share-other-law', 'unit': 'rate', 'least': 30, 'n': s.other_law, 'd': c.refused},
            {'number': 31, 'metric': 'not-held-share', 'unit': 'rate', 'least': 30, 'n': c.not_held, 'd': c.processed},
            {'number': 32, 'metric': 'unavailable-share', 'unit': 'rate', 'least': 30, 'n': c.unavailable, 'd': c.processed},
            {'number': 33, 'metric': 'not-processed-share', 'unit': 'rate', 'least': 30, 'n': c.not_processed, 'd': c.processed},
            {'number': 34, 'metric': 'other-share', 'unit': 'rate', 'least': 30, 'n': c.other, 'd': c.processed},
            {'number': 35, 'metric': 'carry-out-ratio', 'unit': 'rate', 'least': 30, 'n': c.carried_out, 'd': c.carried_in + c.received},
            {'number': 36, 'metric': 'applicant-share-natural-person', 'unit': 'rate', 'least': 30, 'n': a.natural_person, 'd': c.received},
            {'number': 37, 'metric': 'applicant-share-business', 'unit': 'rate', 'least': 30, 'n': a.business, 'd': c.received},
            {'number': 38, 'metric': 'applicant-share-research', 'unit': 'rate', 'least': 30, 'n': a.research, 'd': c.received},
            {'number': 39, 'metric': 'applicant-share-welfare', 'unit': 'rate', 'least': 30, 'n': a.welfare, 'd': c.received},
            {'number': 40, 'metric': 'applicant-share-legal-service', 'unit': 'rate', 'least': 30, 'n': a.legal_service, 'd': c.received},
            {'number': 41, 'metric': 'applicant-share-other-org', 'unit': 'rate', 'least': 30, 'n': a.other_org, 'd': c.received},
            {'number': 42, 'metric': 'corporate-share', 'unit': 'rate', 'least': 30, 'n': c.from_organizations, 'd': c.received},
            {'number': 43, 'metric': 'normative-documents-in-force', 'unit': 'count', 'least': NULL, 'n': c.documents_in_force, 'd': 1},
            {'number': 44, 'metric': 'normative-documents-issued', 'unit': 'count', 'least': NULL, 'n': COALESCE(c.documents_issued, b.made, s.issued), 'd': 1},
            {'number': 45, 'metric': 'normative-documents-churn', 'unit': 'ratio', 'least': 10, 'n': c.documents_issued + c.documents_repealed, 'd': c.documents_in_force},
            {'number': 46, 'metric': 'licensing-decisions', 'unit': 'count', 'least': NULL, 'n': b.licensing, 'd': 1},
            {'number': 47, 'metric': 'penalties-decisions', 'unit': 'count', 'least': NULL, 'n': b.penalties, 'd': 1},
            {'number': 48, 'metric': 'coercion-decisions', 'unit': 'count', 'least': NULL, 'n': b.coercion, 'd': 1},
            {'number': 49, 'metric': 'fees-charged', 'unit': 'money_fen', 'least': NULL, 'n': CASE c.edition WHEN '2021' THEN c.fees_fen END, 'd': 1},
            {'number': 50, 'metric': 'fee-items', 'unit': 'count', 'least': NULL, 'n': c.fee_items, 'd': 1},
            {'number': 51, 'metric': 'fees-for-applications', 'unit': 'money_fen', 'least': NULL, 'n': CASE c.edition WHEN '2014' THEN c.fees_fen END, 'd': 1}
        ]) AS m
    FROM chosen AS c
    LEFT JOIN lines AS a ON a.report_id = c.report_id
    LEFT JOIN lines_2014 AS s ON s.report_id = c.report_id
    LEFT JOIN decisions AS b ON b.report_id = c.report_id
)
SELECT
    report_id,
    series_id,
    organ_id,
    peers,
    m.number,
    m.metric,
    m.unit,
    m.least,
    CASE WHEN m.d IS NOT NULL THEN m.n END AS n,
    CASE WHEN m.n IS NOT NULL AND m.unit NOT IN ('count', 'money_fen') THEN m.d END AS d
FROM told;
