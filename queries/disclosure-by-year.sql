-- ---
-- title = { zh = "各年主动公开政府信息", en = "Proactive disclosure by year" }
-- description = { zh = "主动公开表各项的合计，按年度、版式和栏目分列；金额以元显示。未能确定某项数据的报告在该项计入“数据不全”，不计入该项合计；没有一份报告能确定的项不列出。", en = "Sums of the items of the disclosure table by year, edition and column; amounts of money are shown in yuan. A report that leaves a figure unsettled counts as incomplete for that figure and is not in its sum; a figure that no report settles is not listed." }
--
-- [[parameters]]
-- name = "from"
-- type = "year"
-- default = 0
-- description = { zh = "起始年度", en = "first year" }
--
-- [[parameters]]
-- name = "to"
-- type = "year"
-- default = 9999
-- description = { zh = "截止年度", en = "last year" }
--
-- [[parameters]]
-- name = "region"
-- type = "region"
-- description = { zh = "地区及其下属地区；不填为全部", en = "region with all under it; everywhere if left out" }
--
-- [[parameters]]
-- name = "scope"
-- type = "scope"
-- default = "auto"
-- description = { zh = "auto：有汇总报告的用汇总报告，其余用本机关报告；own、aggregate：只用其一", en = "auto: a level's summary stands for the bodies under it, own reports elsewhere; own, aggregate: that kind only" }
--
-- [[columns]]
-- name = "year"
-- unit = "label"
-- title = { zh = "年度", en = "year" }
--
-- [[columns]]
-- name = "edition"
-- unit = "label"
-- title = { zh = "版式", en = "edition" }
--
-- [[columns]]
-- name = "item"
-- title = { zh = "项目", en = "item" }
--
-- [[columns]]
-- name = "figure"
-- title = { zh = "栏目", en = "figure" }
--
-- [[columns]]
-- name = "reports"
-- title = { zh = "报告数", en = "reports" }
--
-- [[columns]]
-- name = "incomplete"
-- title = { zh = "数据不全", en = "incomplete" }
--
-- [[columns]]
-- name = "value"
-- title = { zh = "合计", en = "sum" }
--
-- [[columns]]
-- name = "fen"
-- unit = "fen"
-- title = { zh = "金额（元）", en = "amount (yuan)" }
--
-- [[columns]]
-- name = "scope_used"
-- title = { zh = "口径", en = "scope used" }
-- ---
WITH line AS (
    SELECT
        year,
        edition,
        item,
        scope,
        COUNT(*) AS reports,
        COUNT(made) AS with_made,
        COUNT(published) AS with_published,
        COUNT(public_total) AS with_public_total,
        COUNT(items_last_year) AS with_items_last_year,
        COUNT(change) AS with_change,
        COUNT(decisions) AS with_decisions,
        COUNT(projects) AS with_projects,
        COUNT(amount_fen) AS with_amount,
        COUNT(issued) AS with_issued,
        COUNT(repealed) AS with_repealed,
        COUNT(in_force) AS with_in_force,
        SUM(made) AS made,
        SUM(published) AS published,
        SUM(public_total) AS public_total,
        SUM(items_last_year) AS items_last_year,
        SUM(change) AS change,
        SUM(decisions) AS decisions,
        SUM(projects) AS projects,
        SUM(amount_fen) AS amount_fen,
        SUM(issued) AS issued,
        SUM(repealed) AS repealed,
        SUM(in_force) AS in_force
    FROM v_disclosure
    WHERE year BETWEEN :from AND :to
        AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
        AND (:scope = 'auto' OR scope = :scope)
        AND (:scope = 'own' OR covered_depth < CASE WHEN :region_level = 0 THEN 1 ELSE :region_level END)
    GROUP BY year, edition, item, scope
),
known AS (
    SELECT column_key, MAX(ordinal) AS ordinal
    FROM form_column
    WHERE table_key = 'disclosure'
    GROUP BY column_key
),
-- One row per figure: what a line has no column for, no report settles.
figure AS (
    SELECT
        l.year,
        l.edition,
        l.item,
        l.scope,
        l.reports,
        c.column_key,
        c.ordinal,
        CASE c.column_key
            WHEN 'made' THEN l.with_made
            WHEN 'published' THEN l.with_published
            WHEN 'public_total' THEN l.with_public_total
            WHEN 'items_last_year' THEN l.with_items_last_year
            WHEN 'change' THEN l.with_change
            WHEN 'decisions' THEN l.with_decisions
            WHEN 'projects' THEN l.with_projects
            WHEN 'amount' THEN l.with_amount
            WHEN 'issued' THEN l.with_issued
            WHEN 'repealed' THEN l.with_repealed
            WHEN 'in_force' THEN l.with_in_force
        END AS settled,
        CASE c.column_key
            WHEN 'made' THEN l.made
            WHEN 'published' THEN l.published
            WHEN 'public_total' THEN l.public_total
            WHEN 'items_last_year' THEN l.items_last_year
            WHEN 'change' THEN l.change
            WHEN 'decisions' THEN l.decisions
            WHEN 'projects' THEN l.projects
            WHEN 'issued' THEN l.issued
            WHEN 'repealed' THEN l.repealed
            WHEN 'in_force' THEN l.in_force
        END AS amount,
        CASE c.column_key WHEN 'amount' THEN l.amount_fen END AS fen
    FROM line AS l
    CROSS JOIN known AS c
),
sums AS (
    SELECT
        year,
        edition,
        item,
        column_key,
        ordinal,
        SUM(reports) AS reports,
        SUM(settled) AS settled,
        SUM(amount) AS value,
        SUM(fen) AS fen,
        MIN(CASE WHEN settled > 0 THEN scope END) AS first_scope,
        MAX(CASE WHEN settled > 0 THEN scope END) AS last_scope
    FROM figure
    GROUP BY year, edition, item, column_key, ordinal
)
SELECT
    year,
    edition,
    item,
    column_key AS figure,
    reports,
    reports - settled AS incomplete,
    CASE WHEN column_key <> 'amount' THEN value END AS value,
    CASE WHEN column_key = 'amount' THEN fen END AS fen,
    CASE
        WHEN first_scope = last_scope THEN first_scope
        WHEN first_scope IS NOT NULL THEN 'aggregate+own'
    END AS scope_used
FROM sums
WHERE settled > 0
ORDER BY year, edition, item, ordinal, column_key
