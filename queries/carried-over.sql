-- ---
-- title = { zh = "结转下年度继续办理", en = "Applications carried over" }
-- description = { zh = "上年结转、本年新收、办理和结转下年度的数量；结转率为结转下年度占上年结转与本年新收之和的比率。2014版没有结转数据，其报告计入“数据不全”。有未能确定数据的报告计入“数据不全”，不计入任何合计。", en = "Carried in, received, processed and carried out; the rate is what was carried out as a share of all that lay there (carried in and received). The 2014 edition has no such figures, and its reports count as incomplete. A report with an unsettled figure counts as incomplete and is in no sum." }
-- subject = "backlogs"
-- parameters = ["from", "to", "region", "scope"]
-- columns = [
--     "year", "reports", "incomplete", "carried_in",
--     { name = "received", unit = "count", title = { zh = "本年新收", en = "received" } },
--     "processed", "carried_out", "at_hand", "carried_rate", "scope_used",
-- ]
-- chart = { kind = "line", x = "year", y = ["carried_rate"] }
-- ---
WITH asked AS (
    SELECT
        year,
        scope,
        reports,
        carried_in,
        received,
        processed,
        carried_out,
        CASE WHEN carried_in + received + processed + carried_out IS NULL THEN 1 ELSE 0 END AS incomplete
    FROM v_place_figure
    WHERE year BETWEEN :from AND :to
        AND place_level = CASE WHEN :region_level = 0 THEN 1 ELSE :region_level END
        AND place_code BETWEEN :region_from AND :region_to
        AND (:scope = 'auto' OR scope = :scope)
        AND (:scope = 'own' OR covered_depth < CASE WHEN :region_level = 0 THEN 1 ELSE :region_level END)
),
sums AS (
    SELECT
        year,
        SUM(reports) AS reports,
        SUM(incomplete * reports) AS incomplete,
        SUM(CASE WHEN incomplete = 0 THEN carried_in END) AS carried_in,
        SUM(CASE WHEN incomplete = 0 THEN received END) AS received,
        SUM(CASE WHEN incomplete = 0 THEN processed END) AS processed,
        SUM(CASE WHEN incomplete = 0 THEN carried_out END) AS carried_out,
        MIN(CASE WHEN incomplete = 0 THEN scope END) AS first_scope,
        MAX(CASE WHEN incomplete = 0 THEN scope END) AS last_scope
    FROM asked
    GROUP BY year
)
SELECT
    year,
    reports,
    incomplete,
    CASE WHEN reports > incomplete THEN carried_in END AS carried_in,
    CASE WHEN reports > incomplete THEN received END AS received,
    CASE WHEN reports > incomplete THEN processed END AS processed,
    CASE WHEN reports > incomplete THEN carried_out END AS carried_out,
    CASE WHEN reports > incomplete THEN carried_in + received END AS at_hand,
    CAST(carried_out AS DOUBLE) / NULLIF(carried_in + received, 0) AS carried_rate,
    CASE
        WHEN first_scope = last_scope THEN first_scope
        WHEN first_scope IS NOT NULL THEN 'aggregate+own'
    END AS scope_used
FROM sums
ORDER BY year
