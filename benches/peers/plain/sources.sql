WITH asked AS (
    SELECT report_id AS asked_id, year
    FROM v_report
    WHERE year BETWEEN :from AND :to
        AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
        AND (:scope = 'all' OR scope = :scope)
),
origin AS (
    SELECT report_id, source_id
    FROM report_source
),
file AS (
    SELECT id AS file_id, media_type, encoding, size
    FROM source
)
SELECT
    year,
    media_type,
    encoding,
    COUNT(DISTINCT file_id) AS files,
    COUNT(DISTINCT report_id) AS reports,
    SUM(COALESCE(size, 0)) AS bytes
FROM origin
INNER JOIN asked ON report_id = asked_id
INNER JOIN file ON source_id = file_id
GROUP BY year, media_type, encoding
ORDER BY year, media_type, COALESCE(encoding, '')
