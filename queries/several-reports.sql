-- ---
-- title = { zh = "同一报告的修订和重复", en = "Revised and duplicate reports" }
-- description = { zh = "同一机关、年度和口径有几份报告或几个来源的，列出份数：修订（同一来源的新内容）、来源数，以及数据不同的版本数。现行的是其中一份，见 current_path。", en = "Bodies, years and scopes with several reports or sources: how many reports, how many sources, and how many of them differ in their figures. One of them is current, see current_path." }
-- subject = "quality"
-- parameters = [
--     "from", "to", "region",
--     { name = "scope", type = "choice", choices = ["all", "own", "aggregate"], default = "all", description = { zh = "own：本机关报告；aggregate：汇总报告；all：两者", en = "own reports, summaries (aggregate), or all" } },
-- ]
-- columns = [
--     "organ", "region_code", "year", "scope", "reports",
--     { name = "versions", unit = "count", title = { zh = "不同数据", en = "versions" } },
--     { name = "sources", unit = "count", title = { zh = "来源", en = "sources" } },
--     { name = "last_revision", unit = "count", title = { zh = "修订次数", en = "revisions" } },
--     { name = "current_path", title = { zh = "现行报告的来源", en = "source of the current report" } },
-- ]
-- ---
WITH link AS (
    SELECT report_id AS link_id
    FROM report_source
),
several AS (
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
each_report AS (
    SELECT report_id, organ_id, organ, region_code, year, scope, is_current, revision, path
    FROM candidate
    INNER JOIN v_report
        ON organ_id = candidate_id AND year = candidate_year AND scope = candidate_scope
    WHERE year BETWEEN :from AND :to
        AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
        AND (:scope = 'all' OR scope = :scope)
),
origin AS (
    SELECT report_id AS origin_id, COUNT(*) AS source_count
    FROM each_report
    INNER JOIN link ON report_id = link_id
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
    FROM each_report
    LEFT JOIN origin ON report_id = origin_id
    INNER JOIN cells ON report_id = cells_id
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
