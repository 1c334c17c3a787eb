-- ---
-- title = { zh = "某机关历年数据", en = "A body over the years" }
-- description = { zh = "一个机关（及其更名、合并前后的机关）历年的申请、公开和结转；organ 填机关全称，不填则列出所选范围内全部机关。未能确定的数据留空。", en = "Applications, disclosures and carry-over of a body and of what it was or became; name it in full, or leave the name out for all bodies asked for. Unsettled figures are empty." }
-- subject = "trends"
-- parameters = [
--     "from", "to", "region", "whose",
--     { name = "organ", type = "text", default = "", description = { zh = "机关全称；不填为全部", en = "full name of the body; all if left out" } },
-- ]
-- columns = [
--     "organ", "region_code", "year", "edition", "scope", "received", "carried_in", "processed",
--     "disclosed", "disclosure_rate", "carried_out",
-- ]
-- chart = { kind = "line", x = "year", y = ["received", "processed"], group = "organ" }
-- ---
WITH named AS (
    SELECT series_id AS named_id
    FROM v_body
    WHERE organ = :organ
    GROUP BY series_id
),
member AS (
    SELECT organ_id AS member_id, series_id AS member_series
    FROM v_body
),
asked AS (
    SELECT
        organ,
        region_code,
        year,
        edition,
        scope,
        received,
        carried_in,
        processed,
        granted + partially_granted AS disclosed,
        carried_out,
        series_id
    FROM named
    INNER JOIN member ON named_id = member_series
    INNER JOIN v_requests ON member_id = organ_id
    WHERE :organ <> ''
    UNION ALL
    SELECT
        organ,
        region_code,
        year,
        edition,
        scope,
        received,
        carried_in,
        processed,
        granted + partially_granted AS disclosed,
        carried_out,
        series_id
    FROM v_requests
    WHERE :organ = ''
)
SELECT
    organ,
    region_code,
    year,
    edition,
    scope,
    received,
    carried_in,
    processed,
    disclosed,
    CAST(disclosed AS DOUBLE) / NULLIF(processed, 0) AS disclosure_rate,
    carried_out
FROM asked
WHERE scope = :scope
    AND year BETWEEN :from AND :to
    AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
ORDER BY COALESCE(region_code, '999999'), series_id, year, organ
