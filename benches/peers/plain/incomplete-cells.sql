WITH asked AS (
    SELECT report_id AS asked_id
    FROM v_requests
    WHERE year BETWEEN :from AND :to
        AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
        AND (:scope = 'all' OR scope = :scope)
),
line AS (
    SELECT id AS line_id, edition, table_key, row_key AS item, ordinal
    FROM form_row
)
SELECT
    edition,
    table_key,
    item,
    state,
    COUNT(*) AS cells,
    COUNT(DISTINCT report_id) AS reports,
    COUNT(implied) AS settled
FROM cell_mark
INNER JOIN asked ON report_id = asked_id
INNER JOIN line ON row_id = line_id
WHERE state IN ('blank', 'not_applicable', 'text', 'missing')
GROUP BY edition, table_key, item, ordinal, state
ORDER BY edition, table_key, ordinal, state
