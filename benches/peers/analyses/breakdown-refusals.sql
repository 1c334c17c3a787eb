-- `breakdown refusals`, the last year and the one before: all rows. The notes beside them (reports
-- that lack a part) are not worked out.
WITH years AS (
    SELECT MAX(year) - 1 AS first, MAX(year) AS second
    FROM report_figure
),
asked AS (
    SELECT id AS row_id, edition, row_key, COUNT(*) OVER (PARTITION BY edition) AS parts
    FROM form_row
    WHERE row_key LIKE 'refused.%' OR row_key LIKE 'applications.replied.refused.%'
),
facts AS (
    SELECT row_id, report_id, total AS part FROM application_fact
    UNION ALL
    SELECT row_id, report_id, value AS part FROM statistic_fact
),
told AS (
    SELECT f.report_id, f.year, f.refused AS whole, a.row_key, x.part, a.parts
    FROM facts AS x
    INNER JOIN asked AS a ON a.row_id = x.row_id
    INNER JOIN report_figure AS f ON f.report_id = x.report_id
    WHERE f.covered_depth < 1
        AND f.refused IS NOT NULL
        AND f.year BETWEEN (SELECT first FROM years) AND (SELECT second FROM years)
),
complete AS (
    SELECT report_id, year, whole
    FROM told
    GROUP BY report_id, year, whole
    HAVING COUNT(part) = MAX(parts)
),
wholes AS (
    SELECT SUM(c.whole) FILTER (c.year = y.first) AS first, SUM(c.whole) FILTER (c.year = y.second) AS second
    FROM complete AS c
    CROSS JOIN years AS y
),
parts AS (
    SELECT
        REPLACE(SPLIT_PART(t.row_key, 'refused.', 2), '_', '-') AS part,
        SUM(t.part) FILTER (t.year = y.first) AS first,
        SUM(t.part) FILTER (t.year = y.second) AS second
    FROM told AS t
    INNER JOIN complete AS c ON c.report_id = t.report_id
    CROSS JOIN years AS y
    GROUP BY 1
    UNION ALL
    SELECT 'whole' AS part, first, second
    FROM wholes
)
SELECT
    p.part,
    p.first AS first_number,
    CAST(p.first AS DOUBLE) / NULLIF(w.first, 0) AS first_share,
    p.second AS second_number,
    CAST(p.second AS DOUBLE) / NULLIF(w.second, 0) AS second_share,
    CAST(p.second AS DOUBLE) / NULLIF(w.second, 0) - CAST(p.first AS DOUBLE) / NULLIF(w.first, 0) AS shift,
    CAST(p.second - p.first AS DOUBLE) / NULLIF(w.first, 0) AS contribution
FROM parts AS p
CROSS JOIN wholes AS w
ORDER BY LIST_POSITION(
    [
        'state-secret', 'security-and-stability', 'prohibited-by-law', 'third-party', 'internal-affairs',
        'deliberative', 'enforcement-file', 'administrative-query', 'trade-secret', 'privacy',
        'not-government-information', 'other-law', 'whole'
    ],
    p.part
)
