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
WITH wanted AS (
    SELECT series_id AS wanted_id
    FROM v_body
    WHERE :organ = '' OR organ = :organ
    GROUP BY series_id
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
    granted + partially_granted AS disclosed,
    CAST(granted + partially_granted AS DOUBLE) / NULLIF(processed, 0) AS disclosure_rate,
    carried_out
FROM v_requests
INNER JOIN wanted ON series_id = wanted_id
WHERE scope = :scope
    AND year BETWEEN :from AND :to
    AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
ORDER BY COALESCE(region_code, '999999'), series_id, year, organ
