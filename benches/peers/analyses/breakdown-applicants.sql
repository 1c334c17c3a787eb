-- `breakdown applicants`, the last year and the one before: all rows. The notes beside them (reports
-- that lack a part) are not worked out.
WITH years AS (
    SELECT MAX(year) - 1 AS first, MAX(year) AS second
    FROM report_figure
),
complete AS (
    SELECT
        f.year,
        f.received,
        x.natural_person,
        x.business,
        x.research,
        x.welfare,
        x.legal_service,
        x.other_org
    FROM application_fact AS x
    INNER JOIN form_row AS d ON d.id = x.row_id AND d.row_key = 'received.new'
    INNER JOIN report_figure AS f ON f.report_id = x.report_id
    WHERE f.covered_depth < 1
        AND f.year BETWEEN (SELECT first FROM years) AND (SELECT second FROM years)
        AND f.received IS NOT NULL
        AND x.natural_person + x.business + x.research + x.welfare + x.legal_service + x.other_org IS NOT NULL
),
sums AS (
    SELECT
        year,
        SUM(natural_person) AS natural_person,
        SUM(business) AS business,
        SUM(research) AS research,
        SUM(welfare) AS welfare,
        SUM(legal_service) AS legal_service,
        SUM(other_org) AS other_org,
        SUM(received) AS whole
    FROM complete
    GROUP BY year
),
parts AS (
    SELECT
        s.year,
        s.whole,
        unnest([
            {'number': 0, 'part': 'natural-person', 'n': s.natural_person},
            {'number': 1, 'part': 'business', 'n': s.business},
            {'number': 2, 'part': 'research', 'n': s.research},
            {'number': 3, 'part': 'welfare', 'n': s.welfare},
            {'number': 4, 'part': 'legal-service', 'n': s.legal_service},
            {'number': 5, 'part': 'other-org', 'n': s.other_org},
            {'number': 6, 'part': 'whole', 'n': s.whole}
        ]) AS p
    FROM sums AS s
)
SELECT
    a.p.part AS part,
    a.p.n AS first_number,
    CAST(a.p.n AS DOUBLE) / NULLIF(a.whole, 0) AS first_share,
    b.p.n AS second_number,
    CAST(b.p.n AS DOUBLE) / NULLIF(b.whole, 0) AS second_share,
    CAST(b.p.n AS DOUBLE) / NULLIF(b.whole, 0) - CAST(a.p.n AS DOUBLE) / NULLIF(a.whole, 0) AS shift,
    CAST(b.p.n - a.p.n AS DOUBLE) / NULLIF(a.whole, 0) AS contribution
FROM parts AS a
INNER JOIN parts AS b ON b.year = a.year + 1 AND b.p.number = a.p.number
ORDER BY a.p.number
