-- ---
-- title = { zh = "来源文件", en = "Source files" }
-- description = { zh = "报告的来源文件，按年度、文件类型和编码分列：文件数、报告数、字节数。一个报告有几个来源的，每个都计入。", en = "Files that reports came from, by year, type and encoding: files, reports and bytes. Of a report with several sources each is counted." }
-- subject = "quality"
-- parameters = [
--     "from", "to", "region",
--     { name = "scope", type = "choice", choices = ["all", "own", "aggregate"], default = "all", description = { zh = "own：本机关报告；aggregate：汇总报告；all：两者", en = "own reports, summaries (aggregate), or all" } },
-- ]
-- columns = [
--     "year",
--     { name = "media_type", title = { zh = "文件类型", en = "media type" } },
--     { name = "encoding", title = { zh = "编码", en = "encoding" } },
--     { name = "files", unit = "count", title = { zh = "文件", en = "files" } },
--     "reports",
--     { name = "bytes", unit = "count", title = { zh = "字节", en = "bytes" } },
-- ]
-- ---
WITH asked AS (
    SELECT report_id AS asked_id, year
    FROM v_report
    WHERE :region_level > 0
        AND year BETWEEN :from AND :to
        AND region_code BETWEEN :region_from AND :region_to
        AND (:scope = 'all' OR scope = :scope)
),
origin AS (
    SELECT report_id, source_id
    FROM report_source
),
file AS (
    SELECT id AS file_id, media_type, encoding, size
    FROM source
),
-- A file may hold reports of several regions, so that only those of a whole year are kept.
counted AS (
    SELECT
        year,
        media_type,
        encoding,
        COUNT(DISTINCT file_id) AS files,
        COUNT(DISTINCT report_id) AS reports,
        SUM(COALESCE(size, 0)) AS bytes
    FROM asked
    INNER JOIN origin ON asked_id = report_id
    INNER JOIN file ON source_id = file_id
    GROUP BY year, media_type, encoding
    UNION ALL
    SELECT year, media_type, encoding, files, reports, bytes
    FROM v_year_source
    WHERE :region_level = 0 AND scope = :scope AND year BETWEEN :from AND :to
)
SELECT
    year,
    media_type,
    encoding,
    files,
    reports,
    bytes
FROM counted
ORDER BY year, media_type, COALESCE(encoding, '')
