SELECT
    year,
    scope,
    COUNT(CASE WHEN state <> 'unexpected' THEN 1 END) AS expected,
    COUNT(CASE WHEN state = 'come' THEN 1 END) AS come,
    COUNT(CASE WHEN state = 'missing' THEN 1 END) AS missing,
    COUNT(CASE WHEN state = 'unexpected' THEN 1 END) AS unexpected,
    COUNT(CASE WHEN late = 1 THEN 1 END) AS late,
    COUNT(CASE WHEN twice = 1 THEN 1 END) AS twice,
    COUNT(CASE WHEN checked = 1 AND errors > 0 THEN 1 END) AS with_errors,
    COUNT(CASE WHEN checked = 0 THEN 1 END) AS unchecked
FROM v_expected
WHERE year BETWEEN :from AND :to
    AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
    AND (:scope = 'all' OR scope = :scope)
GROUP BY year, scope
ORDER BY year, scope
