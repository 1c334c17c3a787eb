-- ---
-- title = { zh = "所用表样", en = "Editions of the form" }
-- description = { zh = "各年报告所用表样的份数，以及该表样当年是否施行；没有统计表的报告表样为空。汇总报告与本机关报告都计入。", en = "Reports by year and edition of the form, and whether the edition was in force for the year; without tables the edition is empty. Own reports and summaries are both counted." }
-- subject = "coverage"
-- parameters = [
--     "from", "to", "region",
--     { name = "scope", type = "choice", choices = ["all", "own", "aggregate"], default = "all", description = { zh = "own：本机关报告；aggregate：汇总报告；all：两者", en = "own reports, summaries (aggregate), or all" } },
-- ]
-- columns = [
--     "year", "edition",
--     { name = "in_force", title = { zh = "当年施行", en = "in force" }, labels = { 0 = { zh = "否", en = "no" }, 1 = { zh = "是", en = "yes" } } },
--     "reports",
--     { name = "own", unit = "count", title = { zh = "本机关报告", en = "own reports" } },
--     { name = "summaries", unit = "count", title = { zh = "汇总报告", en = "summaries" } },
-- ]
-- chart = { kind = "stacked", x = "year", y = ["reports"], group = "edition" }
-- ---
WITH known AS (
    SELECT edition AS known_edition, first_year, last_year
    FROM edition
)
SELECT
    year,
    edition,
    CASE
        WHEN known_edition IS NULL THEN NULL
        WHEN year >= first_year AND year <= COALESCE(last_year, 9999) THEN 1
        ELSE 0
    END AS in_force,
    SUM(reports) AS reports,
    SUM(CASE WHEN scope = 'own' THEN reports ELSE 0 END) AS own,
    SUM(CASE WHEN scope = 'aggregate' THEN reports ELSE 0 END) AS summaries
FROM v_place_figure
LEFT JOIN known ON edition = known_edition
WHERE year BETWEEN :from AND :to
    AND place_level = CASE WHEN :region_level = 0 THEN 1 ELSE :region_level END
    AND place_code BETWEEN :region_from AND :region_to
    AND (:scope = 'all' OR scope = :scope)
GROUP BY year, edition, known_edition, first_year, last_year
ORDER BY year, COALESCE(edition, '')
