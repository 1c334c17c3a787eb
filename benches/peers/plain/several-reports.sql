WITH several AS (
    SELECT report_id AS several_id
    FROM report_source
    GROUP BY report_id
    HAVING COUNT(*) > 1
),
candidate AS (
    SELECT organ_id AS candidate_id, year AS candidate_year, scope AS candidate_scope
    FROM v_report
    WHERE is_current = 0
    UNION
    SELECT organ_id AS candidate_id, year AS candidate_year, scope AS candidate_scope
    FROM several
    INNER JOIN v_report ON several_id = report_id
),
origin AS (
    SELECT report_id AS origin_id, COUNT(*) AS source_count
    FROM report_source
    GROUP BY report_id
),
cells AS (
    SELECT id AS cells_id, cells_sha256
    FROM report
),
bodies AS (
    SELECT
        organ_id,
        MAX(organ) AS organ,
        MAX(region_code) AS region_code,
        year,
        scope,
        COUNT(*) AS reports,
        COUNT(DISTINCT cells_sha256) AS versions,
        SUM(COALESCE(source_count, 0)) AS sources,
        MAX(revision) AS last_revision,
        MAX(CASE WHEN is_current = 1 THEN path END) AS current_path
    FROM candidate
    INNER JOIN v_report
        ON organ_id = candidate_id AND year = candidate_year AND scope = candidate_scope
    LEFT JOIN origin ON report_id = origin_id
    INNER JOIN cells ON report_id = cells_id
    WHERE year BETWEEN :from AND :to
        AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
        AND (:scope = 'all' OR scope = :scope)
    GROUP BY organ_id, year, scope
)
SELECT
    organ,
    region_code,
    year,
    scope,
    reports,
    versions,
    sources,
    last_revision,
    current_path
FROM bodies
WHERE reports > 1 OR sources > 1
ORDER BY year, COALESCE(region_code, '999999'), organ, scope
