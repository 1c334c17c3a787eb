-- The store of nianbao (年报): one SQLite file.
--
-- What a document says, cell by cell, stands in report_cell_json, whole and with places. The
-- *_fact tables hold the same numbers for asking: one row per line of a form, a column per column
-- of the form, clustered by line so that one line over all reports is one contiguous range. People
-- ask the views (application, challenge, disclosure, statistic; v_* with the report beside them).
--
-- A fact is NULL where nothing settles it. Blank, not applicable, text and missing are kept apart
-- in cell_mark and are never 0. `implied` has a bit for each column whose value is not printed but
-- settled by the form's own sums (bit 0 is the first column of the form's table).
--
-- The views application, challenge, disclosure and statistic, and v_application and so on with the
-- report beside them, are made from forms/*.toml when the file is opened for writing: an edition
-- with a new column or table extends them by itself.

PRAGMA application_id = 0x6e626f31; -- 'nbo1'

-- Loads: when, with which program, with what result.
CREATE TABLE load_run (
    id INTEGER PRIMARY KEY,
    started TEXT NOT NULL,
    finished TEXT,
    program_version TEXT NOT NULL,
    loaded INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    revised INTEGER NOT NULL DEFAULT 0,
    further_source INTEGER NOT NULL DEFAULT 0,
    duplicate INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Editions of the official form.
CREATE TABLE edition (
    edition TEXT PRIMARY KEY,
    basis TEXT NOT NULL, -- the circular that prescribes it
    first_year INTEGER NOT NULL, -- reporting years it is in force for
    last_year INTEGER
) STRICT, WITHOUT ROWID;

-- Tables of each edition.
CREATE TABLE form_table (
    edition TEXT NOT NULL REFERENCES edition,
    table_key TEXT NOT NULL,
    relation TEXT NOT NULL, -- the view that holds its facts; the table behind it ends in _fact
    title_zh TEXT NOT NULL,
    title_en TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    PRIMARY KEY (edition, table_key)
) STRICT, WITHOUT ROWID;

-- Rows of each table; the facts refer to id.
CREATE TABLE form_row (
    id INTEGER PRIMARY KEY,
    edition TEXT NOT NULL,
    table_key TEXT NOT NULL,
    row_key TEXT NOT NULL,
    label_zh TEXT NOT NULL,
    label_en TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    unit TEXT,
    UNIQUE (table_key, row_key, edition),
    FOREIGN KEY (edition, table_key) REFERENCES form_table
) STRICT;

-- Columns of each table.
CREATE TABLE form_column (
    edition TEXT NOT NULL,
    table_key TEXT NOT NULL,
    column_key TEXT NOT NULL,
    label_zh TEXT NOT NULL,
    label_en TEXT NOT NULL,
    ordinal INTEGER NOT NULL, -- its bit in `implied`
    unit TEXT,
    PRIMARY KEY (edition, table_key, column_key),
    FOREIGN KEY (edition, table_key) REFERENCES form_table
) STRICT, WITHOUT ROWID;

-- Cells of each edition: which columns each row of a table has.
CREATE TABLE form_cell (
    edition TEXT NOT NULL,
    table_key TEXT NOT NULL,
    row_key TEXT NOT NULL,
    column_key TEXT NOT NULL,
    PRIMARY KEY (edition, table_key, row_key, column_key),
    FOREIGN KEY (edition, table_key) REFERENCES form_table
) STRICT, WITHOUT ROWID;

-- Figures of the one series over all editions (series 'requests' is request_total, 'review' and
-- 'litigation' are case_total) with the cells that each is the sum of. An edition asks for the
-- figures that it has here and for no others.
CREATE TABLE form_figure (
    edition TEXT NOT NULL,
    series TEXT NOT NULL,
    figure TEXT NOT NULL,
    table_key TEXT NOT NULL,
    row_key TEXT NOT NULL,
    column_key TEXT NOT NULL,
    PRIMARY KEY (edition, series, figure, table_key, row_key, column_key),
    FOREIGN KEY (edition, table_key, row_key, column_key) REFERENCES form_cell
) STRICT, WITHOUT ROWID;

-- Regions, province to township, as far as reports refer to them and all above the township.
-- Codes are text: six digits (GB/T 2260), nine for townships and streets (GB/T 10114).
CREATE TABLE region (
    code TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    level INTEGER NOT NULL, -- 1 province, 2 city, 3 county, 4 township or street
    parent_code TEXT,
    valid_from INTEGER, -- years; NULL is open
    valid_to INTEGER
) STRICT, WITHOUT ROWID;

-- What became of regions that were merged, renamed or reorganized.
CREATE TABLE region_successor (
    code TEXT NOT NULL REFERENCES region,
    successor_code TEXT NOT NULL,
    note TEXT,
    PRIMARY KEY (code, successor_code)
) STRICT, WITHOUT ROWID;

-- Bodies that report.
CREATE TABLE organ (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE, -- the same for all spellings of one body
    name TEXT NOT NULL,
    kind TEXT NOT NULL, -- government, department, township, street, ministry, other
    region_code TEXT REFERENCES region,
    township_code TEXT REFERENCES region,
    valid_from INTEGER, -- years of its name, in the last of which the next name may stand already;
    valid_to INTEGER, -- NULL is open or not known
    series_id INTEGER REFERENCES organ -- what it is in the end; NULL: it did not change, or was divided
) STRICT;
CREATE INDEX organ_by_name ON organ (name);
CREATE INDEX organ_by_series ON organ (series_id) WHERE series_id IS NOT NULL;
CREATE INDEX organ_in_series ON organ (COALESCE(series_id, id));

-- What became of bodies that were renamed, merged or reorganized. This, the years and series_id
-- are worked out anew at the end of each load, from the bodies that are there, data/organ-changes.csv,
-- organ_change and region_successor: both ends of a link always are bodies that report.
CREATE TABLE organ_successor (
    organ_id INTEGER NOT NULL REFERENCES organ,
    successor_id INTEGER NOT NULL REFERENCES organ,
    year INTEGER, -- first reporting year of the successor; NULL: not known
    note TEXT, -- what says so
    PRIMARY KEY (organ_id, successor_id)
) STRICT, WITHOUT ROWID;

-- The user's own list of changes of bodies (--organs), the last that a load was given.
CREATE TABLE organ_change (
    organ_key TEXT PRIMARY KEY, -- organ.key; '*/name' for the bodies of that name in every region
    valid_from INTEGER,
    valid_to INTEGER,
    successor_keys TEXT NOT NULL, -- '|' between names of one body, a blank between bodies
    year INTEGER,
    note TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- How bodies are one over the years, in both directions and over several changes: organ_key is
-- kin_key in the years from first_year to last_year (none where the change has no known year, or
-- where both stand side by side). Worked out with organ_successor; also of bodies that are
-- expected and have not reported yet.
CREATE TABLE organ_kin (
    organ_key TEXT NOT NULL,
    kin_key TEXT NOT NULL,
    later INTEGER NOT NULL CHECK (later IN (0, 1)), -- 1: what became of it, 0: what it was before
    first_year INTEGER NOT NULL,
    last_year INTEGER NOT NULL,
    PRIMARY KEY (organ_key, kin_key)
) STRICT, WITHOUT ROWID;

-- The user's list of bodies that are to report (`expect`).
CREATE TABLE expected_body (
    organ_key TEXT NOT NULL, -- as organ.key
    scope TEXT NOT NULL CHECK (scope IN ('own', 'aggregate')),
    first_year INTEGER, -- NULL is open; both NULL: every year
    last_year INTEGER,
    organ TEXT NOT NULL, -- its name, completed
    kind TEXT NOT NULL,
    region_code TEXT,
    township_code TEXT,
    ordinal INTEGER NOT NULL -- place in the list
) STRICT;
CREATE INDEX expected_body_by_key ON expected_body (organ_key);

-- Who is to report in a year: the bodies of the list or, for a region and year of which the list
-- names nobody, those that reported the year before; under the name a body has in the year, a
-- merged body once. Years without reports are here only where the list names them. Worked out at
-- the end of each load and when the list changes.
CREATE TABLE expectation (
    year INTEGER NOT NULL,
    organ_key TEXT NOT NULL,
    scope TEXT NOT NULL CHECK (scope IN ('own', 'aggregate')),
    origin TEXT NOT NULL CHECK (origin IN ('listed', 'last_year')),
    organ TEXT, -- name and kind by the list, where no report of the body tells
    kind TEXT,
    region_code TEXT,
    township_code TEXT,
    PRIMARY KEY (year, organ_key, scope)
) STRICT, WITHOUT ROWID;
CREATE INDEX expectation_by_region ON expectation (year, region_code);

-- Years whose expectations are to be worked out anew.
CREATE TABLE expectation_due (
    year INTEGER PRIMARY KEY
) STRICT;

-- Until when reports are due, from the thresholds of the rule `late`: month and day of the year
-- after the reporting year.
CREATE TABLE due_day (
    kind TEXT NOT NULL,
    scope TEXT NOT NULL,
    first_year INTEGER NOT NULL, -- reporting years
    last_year INTEGER NOT NULL,
    due TEXT NOT NULL, -- MM-DD
    doubtful TEXT NOT NULL, -- from this day on a date may be that of a move of the site
    statutory INTEGER NOT NULL, -- 0: by custom
    PRIMARY KEY (kind, scope, first_year)
) STRICT, WITHOUT ROWID;

-- Who was to report and who did, as v_expected shows it: a row a body, year and scope, with what
-- does not depend on checks. Worked out at the end of a load and when the list changes; v_attendance
-- has what is kept, and looks at the reports of a year in attendance_wait instead.
CREATE TABLE attendance (
    year INTEGER NOT NULL,
    scope TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('come', 'missing', 'unexpected')),
    origin TEXT,
    organ_id INTEGER, -- NULL: no report of the body is loaded, of any year
    organ_key TEXT, -- these two only then
    organ TEXT,
    kind TEXT,
    region_code TEXT,
    township_code TEXT,
    report_id INTEGER,
    due TEXT,
    late INTEGER
) STRICT;
CREATE INDEX attendance_by_region ON attendance (year, COALESCE(region_code, ''));
CREATE INDEX attendance_by_report ON attendance (report_id);
CREATE INDEX attendance_missing ON attendance (year) WHERE state = 'missing';
CREATE INDEX attendance_late ON attendance (year) WHERE late = 1;
CREATE INDEX attendance_unknown ON attendance (organ_key) WHERE organ_id IS NULL;

-- Years whose attendance is not up to date.
CREATE TABLE attendance_wait (
    year INTEGER PRIMARY KEY
) STRICT;

-- Attendance counted by region, with what checks found: see v_coverage, which shows it.
CREATE TABLE coverage (
    year INTEGER NOT NULL,
    region_code TEXT,
    scope TEXT NOT NULL,
    come INTEGER NOT NULL,
    missing INTEGER NOT NULL,
    unexpected INTEGER NOT NULL,
    late INTEGER NOT NULL,
    twice INTEGER NOT NULL,
    with_errors INTEGER NOT NULL,
    clean INTEGER NOT NULL,
    unchecked INTEGER NOT NULL
) STRICT;
CREATE INDEX coverage_by_region ON coverage (year, COALESCE(region_code, ''));

-- Years and regions ('' for none) of which it is not up to date, beside the years of attendance_wait.
CREATE TABLE coverage_wait (
    year INTEGER NOT NULL,
    region_code TEXT NOT NULL,
    PRIMARY KEY (year, region_code)
) STRICT, WITHOUT ROWID;

-- Files that a load could not read, until the same path loads. Region and year are what options or
-- manifest say of the file; NULL where they say nothing.
CREATE TABLE load_failure (
    path TEXT PRIMARY KEY,
    sha256 TEXT, -- NULL: not even its bytes could be read
    reason TEXT NOT NULL,
    region_code TEXT,
    year INTEGER,
    load_run_id INTEGER REFERENCES load_run
) STRICT, WITHOUT ROWID;

-- Files that reports were read from, with their bytes unless they were loaded without.
CREATE TABLE source (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    media_type TEXT NOT NULL,
    encoding TEXT,
    size INTEGER,
    content BLOB, -- zstd
    load_run_id INTEGER REFERENCES load_run,
    is_last INTEGER NOT NULL DEFAULT 1 CHECK (is_last IN (0, 1)), -- what the path held when it was last loaded
    UNIQUE (path, sha256)
) STRICT;

-- Reports with their revisions; exactly one per body, year and scope is current.
CREATE TABLE report (
    id INTEGER PRIMARY KEY,
    organ_id INTEGER NOT NULL REFERENCES organ,
    year INTEGER NOT NULL,
    scope TEXT NOT NULL CHECK (scope IN ('own', 'aggregate')),
    edition TEXT REFERENCES edition, -- NULL: no statistical table in the document
    title TEXT,
    organ_printed TEXT,
    published TEXT, -- YYYY-MM-DD
    region_code TEXT REFERENCES region,
    township_code TEXT REFERENCES region,
    revision INTEGER NOT NULL DEFAULT 1,
    is_current INTEGER NOT NULL CHECK (is_current IN (0, 1)),
    -- deepest level (1 province, 2 city, 3 county, 4 township) whose current summary of the year
    -- stands for this report; 0 if none. A query about a region of level L counts a report only if
    -- covered_depth < max(L, 1), so that no body is counted twice.
    covered_depth INTEGER NOT NULL DEFAULT 0,
    source_id INTEGER NOT NULL REFERENCES source,
    cells_sha256 TEXT NOT NULL -- of table, row, column, state and raw text of all cells
) STRICT;
CREATE INDEX report_by_body ON report (organ_id, year, scope);
CREATE INDEX report_by_year ON report (year, region_code) WHERE is_current = 1;
CREATE INDEX report_superseded ON report (organ_id, year, scope) WHERE is_current = 0;
CREATE INDEX report_summaries ON report (year, region_code) WHERE is_current = 1 AND scope = 'aggregate';

-- Every source of a report: the one it was read from and others with the same cells.
CREATE TABLE report_source (
    report_id INTEGER NOT NULL REFERENCES report,
    source_id INTEGER NOT NULL REFERENCES source,
    PRIMARY KEY (source_id, report_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX report_source_by_report ON report_source (report_id);

-- Files and reports of each year, superseded ones too, by scope ('all' for both together); bytes
-- count a file once for each of its reports. Worked out at the end of a load; v_year_source has what
-- is kept, and looks at the reports of a year in source_wait instead.
CREATE TABLE year_source (
    year INTEGER NOT NULL,
    scope TEXT NOT NULL,
    media_type TEXT NOT NULL,
    encoding TEXT,
    files INTEGER NOT NULL,
    reports INTEGER NOT NULL,
    bytes INTEGER NOT NULL
) STRICT;

-- Years of which it is not up to date.
CREATE TABLE source_wait (
    year INTEGER PRIMARY KEY
) STRICT;

-- The reports that files hold now, as far as loads have seen them: current reports are among these.
CREATE VIEW held_report AS
SELECT l.report_id, s.path
FROM report_source AS l
INNER JOIN source AS s ON s.id = l.source_id
WHERE s.is_last = 1;

-- All cells of a report as parsed, with raw text and place: the array `cells` of the
-- parsed-report JSON, zstd.
CREATE TABLE report_cell_json (
    report_id INTEGER PRIMARY KEY REFERENCES report,
    cells BLOB NOT NULL
) STRICT;

-- Corrections by hand, beside what a report says: facts and marks have the corrected cell,
-- report_cell_json the original. One is carried over to a revision that has the same original, and
-- lapses with the report otherwise.
CREATE TABLE correction (
    id INTEGER PRIMARY KEY,
    report_id INTEGER NOT NULL REFERENCES report,
    edition TEXT NOT NULL,
    cell TEXT NOT NULL, -- table/row/column
    original_state TEXT NOT NULL,
    original_raw TEXT,
    raw TEXT NOT NULL, -- what the cell is taken to say, as it would be printed
    state TEXT NOT NULL CHECK (state IN ('number', 'zero', 'blank', 'not_applicable')),
    value TEXT, -- the number, exact
    unit TEXT,
    reason TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at TEXT NOT NULL,
    carried_from INTEGER REFERENCES correction,
    withdrawn_reason TEXT,
    withdrawn_by TEXT,
    withdrawn_at TEXT -- also of one that another took the place of
) STRICT;
CREATE UNIQUE INDEX correction_of_cell ON correction (report_id, edition, cell) WHERE withdrawn_at IS NULL;

-- Narrative by section.
CREATE TABLE section (
    id INTEGER PRIMARY KEY,
    report_id INTEGER NOT NULL REFERENCES report,
    no INTEGER NOT NULL, -- 1 to 6
    title TEXT NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE INDEX section_by_report ON section (report_id, no);

-- Index of the pairs of neighbouring characters in each section, width and script folded; the rowid
-- is section.id. To ask it, MATCH the function bigrams('词'), then compare the text: see
-- `nianbao search`.
CREATE VIRTUAL TABLE section_index USING fts5 (
    pairs, content = '', detail = none, tokenize = 'ascii'
);

-- The information-processing fee (信息处理费, 国办函〔2020〕109号) as stated in section six.
CREATE TABLE processing_fee (
    report_id INTEGER PRIMARY KEY REFERENCES report,
    notices INTEGER, -- notices issued
    charged_fen INTEGER,
    received_fen INTEGER,
    text TEXT NOT NULL -- the sentence it was read from
) STRICT;

-- Facts of the table 收到和处理政府信息公开申请情况.
CREATE TABLE application_fact (
    row_id INTEGER NOT NULL REFERENCES form_row,
    report_id INTEGER NOT NULL REFERENCES report,
    natural_person INTEGER,
    business INTEGER,
    research INTEGER,
    welfare INTEGER,
    legal_service INTEGER,
    other_org INTEGER,
    total INTEGER,
    implied INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (row_id, report_id)
) STRICT, WITHOUT ROWID;

-- Facts of the table 政府信息公开行政复议、行政诉讼情况.
CREATE TABLE challenge_fact (
    row_id INTEGER NOT NULL REFERENCES form_row,
    report_id INTEGER NOT NULL REFERENCES report,
    upheld INTEGER,
    corrected INTEGER,
    other INTEGER,
    pending INTEGER,
    total INTEGER,
    implied INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (row_id, report_id)
) STRICT, WITHOUT ROWID;

-- Facts of the table 主动公开政府信息情况, over the columns of all editions. Money is in fen.
CREATE TABLE disclosure_fact (
    row_id INTEGER NOT NULL REFERENCES form_row,
    report_id INTEGER NOT NULL REFERENCES report,
    made INTEGER,
    published INTEGER,
    public_total INTEGER,
    items_last_year INTEGER,
    change INTEGER,
    decisions INTEGER,
    projects INTEGER,
    amount_fen INTEGER,
    issued INTEGER,
    repealed INTEGER,
    in_force INTEGER,
    implied INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (row_id, report_id)
) STRICT, WITHOUT ROWID;

-- Facts of the statistics table of 2014 to 2018. Rows that are money have value_fen.
CREATE TABLE statistic_fact (
    row_id INTEGER NOT NULL REFERENCES form_row,
    report_id INTEGER NOT NULL REFERENCES report,
    value INTEGER,
    value_fen INTEGER,
    implied INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (row_id, report_id)
) STRICT, WITHOUT ROWID;

-- Cells that are no plain number, or whose printing says more than the number: their state, text,
-- printed value and unit, and the value that the form's sums imply for them.
CREATE TABLE cell_mark (
    report_id INTEGER NOT NULL REFERENCES report,
    row_id INTEGER NOT NULL REFERENCES form_row,
    column_key TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('number', 'zero', 'blank', 'not_applicable', 'text', 'missing')),
    raw TEXT,
    value TEXT, -- the number as printed, exact
    unit TEXT,
    implied INTEGER,
    PRIMARY KEY (report_id, row_id, column_key)
) STRICT, WITHOUT ROWID;

-- Reviews and lawsuits of every report, one series over all editions: 'review' and 'litigation'
-- (both lawsuit lines together). pending is NULL where the edition does not ask for it.
CREATE TABLE case_total (
    proceeding TEXT NOT NULL,
    report_id INTEGER NOT NULL REFERENCES report,
    incomplete INTEGER NOT NULL, -- 1: some figure is not settled; then all are NULL
    upheld INTEGER,
    corrected INTEGER,
    other INTEGER,
    pending INTEGER,
    total INTEGER,
    PRIMARY KEY (proceeding, report_id)
) STRICT, WITHOUT ROWID;

-- Applications of every report, one series over all editions; NULL where not settled or not asked.
CREATE TABLE request_total (
    report_id INTEGER PRIMARY KEY REFERENCES report,
    received INTEGER,
    carried_in INTEGER,
    processed INTEGER, -- 2014: applications replied to; compare with care
    granted INTEGER, -- 2014: without those already public
    partially_granted INTEGER,
    refused INTEGER, -- 2014: holds 不是《条例》所指政府信息
    unavailable INTEGER,
    not_processed INTEGER,
    other INTEGER,
    carried_out INTEGER
) STRICT;

-- The figures of the current reports for questions about many of them: one narrow row a report,
-- clustered by year and region. Kept by the triggers below, which put in what figure_of_report gives by
-- position; v_requests, v_case and v_rate show it.
CREATE TABLE report_figure (
    year INTEGER NOT NULL,
    report_id INTEGER NOT NULL REFERENCES report,
    organ_id INTEGER NOT NULL REFERENCES organ,
    scope TEXT NOT NULL,
    edition TEXT,
    region_code TEXT,
    township_code TEXT,
    place_code TEXT NOT NULL, -- region_code, 000000 without one
    kind TEXT NOT NULL, -- of the body, as in v_body
    level INTEGER,
    covered_depth INTEGER NOT NULL,
    received INTEGER,
    carried_in INTEGER,
    processed INTEGER, -- as in request_total
    granted INTEGER,
    partially_granted INTEGER,
    refused INTEGER,
    unavailable INTEGER,
    not_processed INTEGER,
    other INTEGER,
    carried_out INTEGER,
    review_upheld INTEGER,
    review_corrected INTEGER,
    review_other INTEGER,
    review_pending INTEGER,
    review_total INTEGER,
    litigation_upheld INTEGER,
    litigation_corrected INTEGER,
    litigation_other INTEGER,
    litigation_pending INTEGER,
    litigation_total INTEGER,
    not_held INTEGER, -- of unavailable: 本机关不掌握, 2014: 信息不存在
    from_organizations INTEGER, -- of received: 法人或其他组织
    litigation_after_review INTEGER, -- of litigation_total: 复议后起诉
    documents_issued INTEGER, -- 规范性文件: this year, of 2021
    documents_repealed INTEGER,
    documents_in_force INTEGER,
    fee_items INTEGER, -- charging items: last year and change, of 2019
    fees_fen INTEGER, -- charged in the year: 2019 all items, 2014 for applications
    processing_fees_stated INTEGER, -- 1: section six says something of them; see processing_fee
    processing_fee_notices INTEGER,
    processing_fees_charged_fen INTEGER,
    processing_fees_received_fen INTEGER,
    PRIMARY KEY (year, place_code, report_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX report_figure_by_report ON report_figure (report_id, organ_id, scope, level, kind, region_code);
CREATE INDEX report_figure_by_organ ON report_figure (organ_id, year, scope, received, level, kind, region_code);
CREATE INDEX report_figure_without ON report_figure (year) WHERE received = 0;

-- What report_figure keeps of a report. Figures that neither series has are read from the facts.
CREATE VIEW figure_of_report AS
SELECT
    r.year,
    r.id AS report_id,
    r.organ_id,
    r.scope,
    r.edition,
    r.region_code,
    r.township_code,
    COALESCE(r.region_code, '000000') AS place_code,
    o.kind,
    o.level,
    r.covered_depth,
    q.received,
    q.carried_in,
    q.processed,
    q.granted,
    q.partially_granted,
    q.refused,
    q.unavailable,
    q.not_processed,
    q.other,
    q.carried_out,
    v.upheld AS review_upheld,
    v.corrected AS review_corrected,
    v.other AS review_other,
    v.pending AS review_pending,
    v.total AS review_total,
    l.upheld AS litigation_upheld,
    l.corrected AS litigation_corrected,
    l.other AS litigation_other,
    l.pending AS litigation_pending,
    l.total AS litigation_total,
    COALESCE(
        (
            SELECT a.total
            FROM form_row AS d
            INNER JOIN application_fact AS a ON a.row_id = d.id AND a.report_id = r.id
            WHERE d.table_key = 'applications' AND d.row_key = 'unavailable.not_held' AND d.edition = r.edition
        ),
        (
            SELECT a.value
            FROM form_row AS d
            INNER JOIN statistic_fact AS a ON a.row_id = d.id AND a.report_id = r.id
            WHERE d.table_key = 'statistics' AND d.row_key = 'applications.replied.not_existing' AND d.edition = r.edition
        )
    ) AS not_held,
    (
            SELECT a.business + a.research + a.welfare + a.legal_service + a.other_org
            FROM form_row AS d
            INNER JOIN application_fact AS a ON a.row_id = d.id AND a.report_id = r.id
            WHERE d.table_key = 'applications' AND d.row_key = 'received.new' AND d.edition = r.edition
        ) AS from_organizations,
    (
            SELECT a.total
            FROM form_row AS d
            INNER JOIN challenge_fact AS a ON a.row_id = d.id AND a.report_id = r.id
            WHERE d.table_key = 'challenges' AND d.row_key = 'litigation_after_review' AND d.edition = r.edition
        ) AS litigation_after_review,
    d.issued AS documents_issued,
    d.repealed AS documents_repealed,
    d.in_force AS documents_in_force,
    (
            SELECT a.items_last_year + a.change
            FROM form_row AS d
            INNER JOIN disclosure_fact AS a ON a.row_id = d.id AND a.report_id = r.id
            WHERE d.table_key = 'disclosure' AND d.row_key = 'fees' AND d.edition = r.edition
        ) AS fee_items,
    COALESCE(
        (
            SELECT a.amount_fen
            FROM form_row AS d
            INNER JOIN disclosure_fact AS a ON a.row_id = d.id AND a.report_id = r.id
            WHERE d.table_key = 'disclosure' AND d.row_key = 'fees' AND d.edition = r.edition
        ),
        (
            SELECT a.value_fen
            FROM form_row AS d
            INNER JOIN statistic_fact AS a ON a.row_id = d.id AND a.report_id = r.id
            WHERE d.table_key = 'statistics' AND d.row_key = 'fees.amount' AND d.edition = r.edition
        )
    ) AS fees_fen,
    CASE WHEN p.report_id IS NOT NULL THEN 1 END AS processing_fees_stated,
    p.notices AS processing_fee_notices,
    p.charged_fen AS processing_fees_charged_fen,
    p.received_fen AS processing_fees_received_fen
FROM report AS r
INNER JOIN v_body AS o ON o.organ_id = r.organ_id
INNER JOIN request_total AS q ON q.report_id = r.id
INNER JOIN case_total AS v ON v.proceeding = 'review' AND v.report_id = r.id
INNER JOIN case_total AS l ON l.proceeding = 'litigation' AND l.report_id = r.id
LEFT JOIN form_row AS n
    ON n.table_key = 'disclosure' AND n.row_key = 'normative_documents' AND n.edition = r.edition
LEFT JOIN disclosure_fact AS d ON d.row_id = n.id AND d.report_id = r.id
LEFT JOIN processing_fee AS p ON p.report_id = r.id;

-- Sums kept for each region: of the figures of report_figure (place_figure, made with its views from
-- the columns there when the file is opened for writing), of the parts of v_breakdown and of the
-- cells of v_line. The place is a region of place_level 1 province, 2 city or 3 county as
-- v_region_place says; 000000 of level 1 holds the reports without a region, so that level 1 is
-- everything. Worked out at the end of a load; the views v_place_* have what is kept, and read the
-- reports instead of a year and province in place_due.
CREATE TABLE place_breakdown (
    place_level INTEGER NOT NULL,
    place_code TEXT NOT NULL,
    year INTEGER NOT NULL,
    edition TEXT,
    scope TEXT NOT NULL,
    covered_depth INTEGER NOT NULL,
    breakdown TEXT NOT NULL,
    item TEXT,
    ordinal INTEGER,
    reports INTEGER NOT NULL,
    complete INTEGER NOT NULL, -- reports that settle both
    part INTEGER,
    whole INTEGER
) STRICT;
CREATE INDEX place_breakdown_by_place ON place_breakdown (place_level, breakdown, place_code, year);

-- Likewise.
CREATE TABLE place_line (
    place_level INTEGER NOT NULL,
    place_code TEXT NOT NULL,
    year INTEGER NOT NULL,
    edition TEXT,
    scope TEXT NOT NULL,
    covered_depth INTEGER NOT NULL,
    item TEXT NOT NULL,
    figure TEXT NOT NULL, -- column of the form
    reports INTEGER NOT NULL, -- that settle it
    value INTEGER NOT NULL -- money in fen
) STRICT;
CREATE INDEX place_line_by_place ON place_line (place_level, place_code, year);

-- Likewise: cells that are no number, of cell_mark.
CREATE TABLE place_mark (
    place_level INTEGER NOT NULL,
    place_code TEXT NOT NULL,
    year INTEGER NOT NULL,
    scope TEXT NOT NULL,
    row_id INTEGER NOT NULL, -- of form_row
    state TEXT NOT NULL,
    cells INTEGER NOT NULL,
    reports INTEGER NOT NULL, -- that have one
    settled INTEGER NOT NULL -- cells that the form's sums imply
) STRICT;
CREATE INDEX place_mark_by_place ON place_mark (place_level, place_code, year);

-- Likewise, of v_measure by level and kind of body, for rankings: how many there are, and how far
-- they reach. place_level is 1 province, or 0 the region of the reports itself, of whatever level
-- (000000: none): a report that leads a ranking is in one of the regions that reach furthest.
CREATE TABLE place_measure (
    place_level INTEGER NOT NULL,
    measure TEXT NOT NULL,
    year INTEGER NOT NULL,
    place_code TEXT NOT NULL,
    scope TEXT NOT NULL,
    kind TEXT NOT NULL,
    level INTEGER NOT NULL, -- 9: not known
    covered_depth INTEGER NOT NULL,
    reports INTEGER NOT NULL,
    settled INTEGER NOT NULL, -- reports with part and whole
    part INTEGER, -- their sums
    whole INTEGER,
    compared INTEGER NOT NULL, -- reports whose whole is least or more; the rest is of these alone
    without INTEGER NOT NULL, -- whose part is 0
    compared_part INTEGER,
    compared_whole INTEGER,
    lowest REAL, -- part by whole
    highest REAL,
    most INTEGER, -- part
    PRIMARY KEY (place_level, measure, year, place_code, scope, kind, level, covered_depth)
) STRICT, WITHOUT ROWID;

-- Years and provinces (00 without a region) of which the sums are not up to date.
CREATE TABLE place_due (
    year INTEGER NOT NULL,
    province TEXT NOT NULL, -- two digits
    PRIMARY KEY (year, province)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER figure_changed AFTER UPDATE ON report_figure BEGIN
    INSERT OR IGNORE INTO place_due VALUES (OLD.year, COALESCE(SUBSTR(OLD.region_code, 1, 2), '00'));
END;

CREATE TRIGGER request_total_added AFTER INSERT ON request_total BEGIN
    INSERT INTO report_figure
    SELECT f.*
    FROM report AS r
    INNER JOIN figure_of_report AS f ON f.report_id = r.id
    WHERE r.id = NEW.report_id AND r.is_current = 1;
    INSERT OR IGNORE INTO place_due
    SELECT r.year, COALESCE(SUBSTR(r.region_code, 1, 2), '00')
    FROM report AS r
    WHERE r.id = NEW.report_id AND r.is_current = 1;
END;

-- A report that stops being current, becomes current or is covered by another summary.
CREATE TRIGGER report_moved AFTER UPDATE OF is_current, covered_depth ON report
WHEN OLD.is_current <> NEW.is_current OR OLD.covered_depth <> NEW.covered_depth
BEGIN
    UPDATE report_figure
    SET covered_depth = NEW.covered_depth
    WHERE report_id = OLD.id AND NEW.is_current = 1;
    DELETE FROM report_figure
    WHERE report_id = OLD.id AND NEW.is_current = 0;
    INSERT INTO report_figure
    SELECT f.*
    FROM figure_of_report AS f
    WHERE f.report_id = NEW.id AND NEW.is_current = 1 AND OLD.is_current = 0;
    INSERT OR IGNORE INTO place_due VALUES (OLD.year, COALESCE(SUBSTR(OLD.region_code, 1, 2), '00'));
END;

-- What the parser could not place or had to doubt while reading a report.
CREATE TABLE parse_finding (
    id INTEGER PRIMARY KEY,
    report_id INTEGER NOT NULL REFERENCES report,
    rule TEXT NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('info', 'warning', 'error')),
    message TEXT NOT NULL,
    cells TEXT NOT NULL, -- JSON array of table, table/row or table/row/column
    message_en TEXT
) STRICT;
CREATE INDEX parse_finding_by_report ON parse_finding (report_id);

-- The rules of data/rules.toml. The bit of a rule in report_check.passed is its ordinal.
CREATE TABLE rule (
    rule TEXT PRIMARY KEY,
    ordinal INTEGER NOT NULL UNIQUE,
    version INTEGER NOT NULL, -- raised when the meaning of the rule changes
    severity TEXT NOT NULL CHECK (severity IN ('info', 'warning', 'error')),
    reach TEXT NOT NULL CHECK (reach IN ('report', 'years', 'bodies')), -- what it looks at
    title_zh TEXT NOT NULL,
    title_en TEXT NOT NULL,
    basis_zh TEXT NOT NULL,
    basis_en TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Runs of `check` over the database.
CREATE TABLE check_run (
    id INTEGER PRIMARY KEY,
    started TEXT NOT NULL,
    finished TEXT, -- NULL: it was broken off
    program_version TEXT NOT NULL,
    rules TEXT NOT NULL, -- identity of the list of rules with their versions and thresholds
    scope TEXT NOT NULL, -- JSON: which rules, regions and years were asked for
    reports INTEGER NOT NULL DEFAULT 0 -- reports that were checked; what had not changed since was not
) STRICT;

-- What each rule said in a run, by number of reports: failures and what was not assessable stand in
-- finding one by one. A rule over bodies is asked of the peers of new reports, too.
CREATE TABLE check_count (
    check_run_id INTEGER NOT NULL REFERENCES check_run,
    rule TEXT NOT NULL,
    version INTEGER NOT NULL,
    passed INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    not_assessable INTEGER NOT NULL,
    PRIMARY KEY (check_run_id, rule)
) STRICT, WITHOUT ROWID;

-- Which run checked a report last, and which rules it passed there. A report without a row here is
-- checked by the next run: triggers take the row away when the report, last year's report, what
-- became of the body or another report that a finding names changes.
CREATE TABLE report_check (
    report_id INTEGER PRIMARY KEY REFERENCES report,
    check_run_id INTEGER NOT NULL REFERENCES check_run,
    passed INTEGER NOT NULL, -- a bit for each rule
    bodies INTEGER NOT NULL DEFAULT 0 -- 1: the rules over several bodies were asked, too
) STRICT;

-- What finding copied sections needs, made when a section's report is first checked and taken away
-- with the report: the MinHash signature of the body's own words, 256 bytes, which begins with a
-- stamp of all that it depends on. Of a section with too few words of its own the stamp stands alone.
CREATE TABLE section_signature (
    section_id INTEGER PRIMARY KEY REFERENCES section,
    report_id INTEGER NOT NULL REFERENCES report,
    signature BLOB NOT NULL
) STRICT;

-- The 20 bands of each signature, hashed: sections that share a key may be alike. A section of a
-- later load finds the few that it has to be compared with here, without reading all signatures.
CREATE TABLE section_band (
    key INTEGER NOT NULL, -- number of the band, then 26 bits of its hash
    section_id INTEGER NOT NULL,
    PRIMARY KEY (key, section_id)
) STRICT, WITHOUT ROWID;

-- Bodies that are compared with each other: same year, scope, edition of the form, level (0 centre,
-- 1 province, 2 city, 3 county, 4 township) and kind.
CREATE TABLE peer_group (
    id INTEGER PRIMARY KEY,
    year INTEGER NOT NULL,
    scope TEXT NOT NULL,
    edition TEXT NOT NULL,
    level INTEGER NOT NULL,
    kind TEXT NOT NULL,
    UNIQUE (year, scope, edition, level, kind)
) STRICT;

-- Their rates as `check` compares them (data/rates.toml): one row per current report and rate whose
-- figures are settled and whose whole is large enough.
CREATE TABLE peer_rate (
    group_id INTEGER NOT NULL REFERENCES peer_group,
    report_id INTEGER NOT NULL REFERENCES report,
    rate TEXT NOT NULL,
    part INTEGER NOT NULL,
    whole INTEGER NOT NULL,
    PRIMARY KEY (group_id, report_id, rate)
) STRICT, WITHOUT ROWID;

-- Which run compared a level's summary with the reports below it last, and whether the rule
-- `reconcile` passed (its bit, as in report_check). Triggers take the row away when the summary, a
-- report below it or what is expected there changes.
CREATE TABLE reconcile_check (
    report_id INTEGER PRIMARY KEY REFERENCES report,
    check_run_id INTEGER NOT NULL REFERENCES check_run,
    passed INTEGER NOT NULL
) STRICT;

-- Sentences of findings, each once.
CREATE TABLE message (
    id INTEGER PRIMARY KEY,
    zh TEXT NOT NULL UNIQUE,
    en TEXT NOT NULL
) STRICT;

-- What the rules found: failures, and what could not be assessed for want of something.
CREATE TABLE finding (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL, -- the same for the same finding after another load: what people refer to
    report_id INTEGER NOT NULL REFERENCES report,
    check_run_id INTEGER NOT NULL REFERENCES check_run,
    rule TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('fail', 'not_assessable')),
    severity TEXT NOT NULL CHECK (severity IN ('info', 'warning', 'error')),
    message_id INTEGER NOT NULL REFERENCES message,
    cells TEXT NOT NULL, -- JSON array of table, table/row or table/row/column
    expected ANY, -- money in fen
    found ANY,
    difference INTEGER,
    evidence TEXT, -- JSON array: for each cell its raw text and place, for each passage its words
    repair TEXT, -- JSON: the cells to change, their values and the rules that settles
    facts_sha256 TEXT, -- of what the finding is about; a decision lapses when it changes
    other_report_id INTEGER REFERENCES report -- the other report it is about, if it is one
) STRICT;
CREATE INDEX finding_by_report ON finding (report_id);
CREATE INDEX finding_by_key ON finding (key);
CREATE INDEX finding_by_other ON finding (other_report_id) WHERE other_report_id IS NOT NULL;
CREATE INDEX finding_outlier ON finding (rule, report_id) WHERE rule = 'outlier';

-- What people decided about findings: the latest counts, as long as the facts are the same.
CREATE TABLE decision (
    id INTEGER PRIMARY KEY,
    finding_key TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('confirmed', 'dismissed')),
    reason TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    decided_at TEXT NOT NULL,
    facts_sha256 TEXT NOT NULL,
    about TEXT NOT NULL -- JSON: body, year, scope, rule and sentence, should the finding be gone
) STRICT;
CREATE INDEX decision_by_finding ON decision (finding_key);

-- Failures that nobody dismissed.
CREATE VIEW finding_open AS
SELECT f.id, f.report_id, f.severity
FROM finding AS f
WHERE f.outcome = 'fail'
    AND NOT EXISTS (
        SELECT 1
        FROM decision AS d
        WHERE d.id = (SELECT MAX(l.id) FROM decision AS l WHERE l.finding_key = f.key)
            AND d.verdict = 'dismissed'
            AND d.facts_sha256 = f.facts_sha256
    );

-- How many of them each report has; kept by the triggers below.
CREATE TABLE report_found (
    report_id INTEGER PRIMARY KEY REFERENCES report,
    errors INTEGER NOT NULL,
    warnings INTEGER NOT NULL
) STRICT;

-- Findings of the current reports by place, as the sums of report_figure are: worked out at the end
-- of a check, a load or a decision, v_place_finding reads those of a year and province in
-- finding_wait one by one.
CREATE TABLE place_finding (
    place_level INTEGER NOT NULL,
    place_code TEXT NOT NULL,
    year INTEGER NOT NULL,
    rule TEXT NOT NULL,
    severity TEXT NOT NULL,
    outcome TEXT NOT NULL,
    findings INTEGER NOT NULL,
    reports INTEGER NOT NULL, -- that have one
    confirmed INTEGER NOT NULL,
    dismissed INTEGER NOT NULL
) STRICT;
CREATE INDEX place_finding_by_place ON place_finding (place_level, place_code, year);

-- Years and provinces (00 without a region) of which they are not up to date.
CREATE TABLE finding_wait (
    year INTEGER NOT NULL,
    province TEXT NOT NULL,
    PRIMARY KEY (year, province)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER finding_added AFTER INSERT ON finding BEGIN
    INSERT INTO report_found
    SELECT o.report_id, o.severity = 'error', o.severity = 'warning'
    FROM finding_open AS o
    WHERE o.id = NEW.id AND NEW.outcome = 'fail' AND NEW.severity <> 'info'
    ON CONFLICT (report_id) DO UPDATE SET
        errors = errors + excluded.errors, warnings = warnings + excluded.warnings;
    INSERT INTO finding_wait
    SELECT r.year, COALESCE(SUBSTR(r.region_code, 1, 2), '00') FROM report AS r WHERE r.id = NEW.report_id
    ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER finding_removed BEFORE DELETE ON finding BEGIN
    UPDATE report_found
    SET errors = errors - (OLD.severity = 'error'), warnings = warnings - (OLD.severity = 'warning')
    WHERE report_id = OLD.report_id
        AND OLD.outcome = 'fail'
        AND EXISTS (SELECT 1 FROM finding_open AS o WHERE o.id = OLD.id);
    INSERT INTO finding_wait
    SELECT r.year, COALESCE(SUBSTR(r.region_code, 1, 2), '00') FROM report AS r WHERE r.id = OLD.report_id
    ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER finding_changed AFTER UPDATE OF key, report_id, rule, outcome, severity, facts_sha256 ON finding BEGIN
    DELETE FROM report_found WHERE report_id IN (OLD.report_id, NEW.report_id);
    INSERT INTO report_found
    SELECT o.report_id, SUM(o.severity = 'error'), SUM(o.severity = 'warning')
    FROM finding_open AS o
    WHERE o.report_id IN (OLD.report_id, NEW.report_id)
    GROUP BY o.report_id;
    INSERT INTO finding_wait
    SELECT r.year, COALESCE(SUBSTR(r.region_code, 1, 2), '00')
    FROM report AS r
    WHERE r.id IN (OLD.report_id, NEW.report_id)
    ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER decision_added AFTER INSERT ON decision BEGIN
    DELETE FROM report_found
    WHERE report_id IN (SELECT f.report_id FROM finding AS f WHERE f.key = NEW.finding_key);
    INSERT INTO report_found
    SELECT o.report_id, SUM(o.severity = 'error'), SUM(o.severity = 'warning')
    FROM finding_open AS o
    WHERE o.report_id IN (SELECT f.report_id FROM finding AS f WHERE f.key = NEW.finding_key)
    GROUP BY o.report_id;
    INSERT INTO finding_wait
    SELECT r.year, COALESCE(SUBSTR(r.region_code, 1, 2), '00')
    FROM report AS r
    WHERE r.id IN (SELECT f.report_id FROM finding AS f WHERE f.key = NEW.finding_key)
    ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER decision_removed AFTER DELETE ON decision BEGIN
    DELETE FROM report_found
    WHERE report_id IN (SELECT f.report_id FROM finding AS f WHERE f.key = OLD.finding_key);
    INSERT INTO report_found
    SELECT o.report_id, SUM(o.severity = 'error'), SUM(o.severity = 'warning')
    FROM finding_open AS o
    WHERE o.report_id IN (SELECT f.report_id FROM finding AS f WHERE f.key = OLD.finding_key)
    GROUP BY o.report_id;
    INSERT INTO finding_wait
    SELECT r.year, COALESCE(SUBSTR(r.region_code, 1, 2), '00')
    FROM report AS r
    WHERE r.id IN (SELECT f.report_id FROM finding AS f WHERE f.key = OLD.finding_key)
    ON CONFLICT DO NOTHING;
END;

-- What coverage says of errors and checks is of the region in which the report is expected.
CREATE TRIGGER found_added AFTER INSERT ON report_found BEGIN
    INSERT INTO coverage_wait
    SELECT a.year, COALESCE(a.region_code, '') FROM attendance AS a WHERE a.report_id = NEW.report_id
    ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER found_changed AFTER UPDATE ON report_found WHEN (OLD.errors > 0) <> (NEW.errors > 0) BEGIN
    INSERT INTO coverage_wait
    SELECT a.year, COALESCE(a.region_code, '') FROM attendance AS a WHERE a.report_id = NEW.report_id
    ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER found_removed AFTER DELETE ON report_found BEGIN
    INSERT INTO coverage_wait
    SELECT a.year, COALESCE(a.region_code, '') FROM attendance AS a WHERE a.report_id = OLD.report_id
    ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER check_added AFTER INSERT ON report_check BEGIN
    INSERT INTO coverage_wait
    SELECT a.year, COALESCE(a.region_code, '') FROM attendance AS a WHERE a.report_id = NEW.report_id
    ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER check_changed AFTER UPDATE OF bodies ON report_check WHEN OLD.bodies <> NEW.bodies BEGIN
    INSERT INTO coverage_wait
    SELECT a.year, COALESCE(a.region_code, '') FROM attendance AS a WHERE a.report_id = NEW.report_id
    ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER check_removed AFTER DELETE ON report_check BEGIN
    INSERT INTO coverage_wait
    SELECT a.year, COALESCE(a.region_code, '') FROM attendance AS a WHERE a.report_id = OLD.report_id
    ON CONFLICT DO NOTHING;
END;

-- Whatever becomes of a report or of what is expected, its year is looked at anew.
CREATE TRIGGER attendance_reported AFTER INSERT ON report BEGIN
    INSERT OR IGNORE INTO attendance_wait VALUES (NEW.year);
END;

CREATE TRIGGER attendance_replaced AFTER UPDATE OF is_current, published, cells_sha256, source_id ON report BEGIN
    INSERT OR IGNORE INTO attendance_wait VALUES (NEW.year);
    INSERT OR IGNORE INTO finding_wait VALUES (NEW.year, COALESCE(SUBSTR(NEW.region_code, 1, 2), '00'));
END;

CREATE TRIGGER attendance_expected AFTER INSERT ON expectation BEGIN
    INSERT OR IGNORE INTO attendance_wait VALUES (NEW.year);
END;

CREATE TRIGGER attendance_unexpected AFTER DELETE ON expectation BEGIN
    INSERT OR IGNORE INTO attendance_wait VALUES (OLD.year);
END;

-- A body that was expected in other years is there for the first time.
CREATE TRIGGER attendance_known AFTER INSERT ON organ BEGIN
    INSERT INTO attendance_wait
    SELECT a.year FROM attendance AS a WHERE a.organ_id IS NULL AND a.organ_key = NEW.key
    ON CONFLICT DO NOTHING;
END;

-- (ON CONFLICT, as OR IGNORE gives way to what the statement says that sets a trigger off.)
CREATE TRIGGER source_linked AFTER INSERT ON report_source BEGIN
    INSERT INTO attendance_wait SELECT r.year FROM report AS r WHERE r.id = NEW.report_id
    ON CONFLICT DO NOTHING;
    INSERT INTO source_wait SELECT r.year FROM report AS r WHERE r.id = NEW.report_id
    ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER source_unlinked AFTER DELETE ON report_source BEGIN
    INSERT INTO attendance_wait SELECT r.year FROM report AS r WHERE r.id = OLD.report_id
    ON CONFLICT DO NOTHING;
    INSERT INTO source_wait SELECT r.year FROM report AS r WHERE r.id = OLD.report_id
    ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER source_changed AFTER UPDATE OF is_last, size ON source
WHEN OLD.is_last <> NEW.is_last OR OLD.size IS NOT NEW.size
BEGIN
    INSERT INTO attendance_wait
    SELECT r.year
    FROM report_source AS l
    INNER JOIN report AS r ON r.id = l.report_id
    WHERE l.source_id = NEW.id
    ON CONFLICT DO NOTHING;
    INSERT INTO source_wait
    SELECT r.year
    FROM report_source AS l
    INNER JOIN report AS r ON r.id = l.report_id
    WHERE l.source_id = NEW.id
    ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER report_added AFTER INSERT ON report BEGIN
    DELETE FROM report_check
    WHERE report_id IN (
        SELECT r.id
        FROM report AS r
        WHERE r.year IN (NEW.year, NEW.year + 1)
            AND (
                r.organ_id = NEW.organ_id
                OR r.organ_id IN (SELECT s.successor_id FROM organ_successor AS s WHERE s.organ_id = NEW.organ_id)
            )
    );
END;

CREATE TRIGGER report_replaced AFTER UPDATE OF is_current ON report
WHEN OLD.is_current <> NEW.is_current
BEGIN
    DELETE FROM report_check
    WHERE report_id IN (
        SELECT r.id
        FROM report AS r
        WHERE r.year IN (NEW.year, NEW.year + 1)
            AND (
                r.organ_id = NEW.organ_id
                OR r.organ_id IN (SELECT s.successor_id FROM organ_successor AS s WHERE s.organ_id = NEW.organ_id)
            )
    );
END;

-- A report that a finding names does not count any more, or is another body's than it was.
CREATE TRIGGER report_named AFTER UPDATE OF is_current ON report
WHEN OLD.is_current <> NEW.is_current
BEGIN
    DELETE FROM report_check
    WHERE report_id IN (SELECT f.report_id FROM finding AS f WHERE f.other_report_id = NEW.id);
END;

CREATE TRIGGER organ_moved AFTER UPDATE OF series_id ON organ
WHEN OLD.series_id IS NOT NEW.series_id
BEGIN
    DELETE FROM report_check
    WHERE report_id IN (
        SELECT r.id FROM report AS r WHERE r.organ_id IN (NEW.id, OLD.series_id, NEW.series_id)
    );
    DELETE FROM report_check
    WHERE report_id IN (
        SELECT f.report_id
        FROM report AS r
        INNER JOIN finding AS f ON f.other_report_id = r.id
        WHERE r.organ_id = NEW.id
    );
END;

CREATE TRIGGER successor_added AFTER INSERT ON organ_successor BEGIN
    DELETE FROM report_check
    WHERE report_id IN (SELECT r.id FROM report AS r WHERE r.organ_id = NEW.successor_id);
END;

CREATE TRIGGER successor_removed AFTER DELETE ON organ_successor BEGIN
    DELETE FROM report_check
    WHERE report_id IN (SELECT r.id FROM report AS r WHERE r.organ_id = OLD.successor_id);
END;

CREATE TRIGGER unit_added AFTER INSERT ON report BEGIN
    INSERT OR IGNORE INTO expectation_due VALUES (NEW.year), (NEW.year + 1);
    DELETE FROM reconcile_check
    WHERE report_id IN (
        SELECT r.id
        FROM report AS r
        WHERE r.is_current = 1
            AND r.scope = 'aggregate'
            AND r.year = NEW.year
            AND r.region_code IN (
                SUBSTR(NEW.region_code, 1, 2) || '0000', SUBSTR(NEW.region_code, 1, 4) || '00', NEW.region_code
            )
    );
END;

CREATE TRIGGER unit_replaced AFTER UPDATE OF is_current ON report
WHEN OLD.is_current <> NEW.is_current
BEGIN
    INSERT OR IGNORE INTO expectation_due VALUES (NEW.year), (NEW.year + 1);
    DELETE FROM reconcile_check WHERE report_id = NEW.id;
    DELETE FROM reconcile_check
    WHERE report_id IN (
        SELECT r.id
        FROM report AS r
        WHERE r.is_current = 1
            AND r.scope = 'aggregate'
            AND r.year = NEW.year
            AND r.region_code IN (
                SUBSTR(NEW.region_code, 1, 2) || '0000', SUBSTR(NEW.region_code, 1, 4) || '00', NEW.region_code
            )
    );
END;

CREATE TRIGGER expectation_added AFTER INSERT ON expectation BEGIN
    DELETE FROM reconcile_check
    WHERE report_id IN (
        SELECT r.id
        FROM report AS r
        WHERE r.is_current = 1
            AND r.scope = 'aggregate'
            AND r.year = NEW.year
            AND r.region_code IN (
                SUBSTR(NEW.region_code, 1, 2) || '0000', SUBSTR(NEW.region_code, 1, 4) || '00', NEW.region_code
            )
    );
END;

CREATE TRIGGER expectation_removed AFTER DELETE ON expectation BEGIN
    DELETE FROM reconcile_check
    WHERE report_id IN (
        SELECT r.id
        FROM report AS r
        WHERE r.is_current = 1
            AND r.scope = 'aggregate'
            AND r.year = OLD.year
            AND r.region_code IN (
                SUBSTR(OLD.region_code, 1, 2) || '0000', SUBSTR(OLD.region_code, 1, 4) || '00', OLD.region_code
            )
    );
END;

-- Bodies with how high they stand: level is 0 centre, 1 province, 2 city, 3 county, 4 township or
-- street; NULL where the place is not known.
CREATE VIEW v_body AS
SELECT
    o.id AS organ_id,
    o.name AS organ,
    o.kind,
    CASE
        WHEN o.kind = 'ministry' THEN 0
        WHEN o.township_code IS NOT NULL OR o.kind IN ('township', 'street') THEN 4
        ELSE g.level
    END AS level,
    o.region_code,
    o.township_code,
    COALESCE(o.series_id, o.id) AS series_id
FROM organ AS o
LEFT JOIN region AS g ON g.code = o.region_code;

-- Reports with their body, region and current state. Unlike every other v_ view it has the
-- superseded reports, too: ask with is_current = 1 for those that count.
CREATE VIEW v_report AS
SELECT
    r.id AS report_id,
    o.organ,
    o.kind,
    r.year,
    r.scope,
    r.edition,
    r.published,
    r.region_code,
    g.name AS region,
    r.township_code,
    r.title,
    r.revision,
    r.is_current,
    r.covered_depth,
    s.path,
    (SELECT COUNT(*) FROM finding AS f WHERE f.report_id = r.id AND f.outcome = 'fail') AS findings,
    r.organ_id,
    o.series_id,
    o.level
FROM report AS r
INNER JOIN v_body AS o ON o.organ_id = r.organ_id
INNER JOIN source AS s ON s.id = r.source_id
LEFT JOIN region AS g ON g.code = r.region_code;

-- Reviews and lawsuits of the current reports, comparable over all editions (2014's 其他情形 may
-- hold cases still open). A report with an unsettled figure is incomplete, and all are NULL;
-- concluded never counts pending.
CREATE VIEW v_case AS
SELECT
    f.report_id,
    'review' AS proceeding,
    o.name AS organ,
    f.year,
    f.scope,
    f.edition,
    f.region_code,
    f.township_code,
    f.covered_depth,
    f.review_upheld IS NULL AS incomplete,
    f.review_upheld AS upheld,
    f.review_corrected AS corrected,
    f.review_other AS other,
    f.review_pending AS pending,
    f.review_total AS total,
    f.review_upheld + f.review_corrected + f.review_other AS concluded,
    COALESCE(o.series_id, o.id) AS series_id,
    f.kind,
    f.level,
    f.organ_id,
    f.place_code
FROM report_figure AS f
LEFT JOIN organ AS o ON o.id = f.organ_id
UNION ALL
SELECT
    f.report_id,
    'litigation' AS proceeding,
    o.name AS organ,
    f.year,
    f.scope,
    f.edition,
    f.region_code,
    f.township_code,
    f.covered_depth,
    f.litigation_upheld IS NULL AS incomplete,
    f.litigation_upheld AS upheld,
    f.litigation_corrected AS corrected,
    f.litigation_other AS other,
    f.litigation_pending AS pending,
    f.litigation_total AS total,
    f.litigation_upheld + f.litigation_corrected + f.litigation_other AS concluded,
    COALESCE(o.series_id, o.id) AS series_id,
    f.kind,
    f.level,
    f.organ_id,
    f.place_code
FROM report_figure AS f
LEFT JOIN organ AS o ON o.id = f.organ_id;

-- Applications of the current reports, over all editions; see request_total for what to compare
-- with care.
CREATE VIEW v_requests AS
SELECT
    f.report_id,
    o.name AS organ,
    f.kind,
    f.year,
    f.scope,
    f.edition,
    f.region_code,
    f.township_code,
    f.covered_depth,
    f.received,
    f.carried_in,
    f.processed,
    f.granted,
    f.partially_granted,
    f.refused,
    f.unavailable,
    f.not_processed,
    f.other,
    f.carried_out,
    COALESCE(o.series_id, o.id) AS series_id,
    f.level,
    f.organ_id,
    f.place_code
FROM report_figure AS f
LEFT JOIN organ AS o ON o.id = f.organ_id;

-- Rates of the metric dictionary (`nianbao metrics`) that the views below give. `least` is the whole
-- below which a rate is marked as small there.
CREATE VIEW rate AS
SELECT r.metric, r.least
FROM (
    SELECT 'disclosure-rate' AS metric, 30 AS least
    UNION ALL SELECT 'refusal-rate' AS metric, 30 AS least
    UNION ALL SELECT 'unavailable-share' AS metric, 30 AS least
    UNION ALL SELECT 'not-processed-share' AS metric, 30 AS least
    UNION ALL SELECT 'carry-out-ratio' AS metric, 30 AS least
    UNION ALL SELECT 'not-held-share' AS metric, 30 AS least
    UNION ALL SELECT 'corporate-share' AS metric, 30 AS least
    UNION ALL SELECT 'reviews-per-100-applications' AS metric, 30 AS least
    UNION ALL SELECT 'litigation-after-review-per-review' AS metric, 20 AS least
    UNION ALL SELECT 'normative-documents-churn' AS metric, 10 AS least
    UNION ALL SELECT 'review-correction-rate' AS metric, 20 AS least
    UNION ALL SELECT 'litigation-correction-rate' AS metric, 20 AS least
) AS r;

-- One row per current report and rate: part by whole, both NULL where either is not settled or not
-- asked for, so that sums over reports are those of the dictionary. Ask for one metric:
--   SELECT year, SUM(part), SUM(whole) FROM v_rate
--   WHERE metric = 'not-held-share' AND covered_depth = 0 GROUP BY year
CREATE VIEW v_rate AS
SELECT
    f.metric,
    f.least,
    f.report_id,
    f.organ,
    f.kind,
    f.level,
    f.year,
    f.scope,
    f.edition,
    f.region_code,
    f.township_code,
    f.covered_depth,
    f.series_id,
    CASE WHEN f.whole IS NOT NULL THEN f.part END AS part,
    CASE WHEN f.part IS NOT NULL THEN f.whole END AS whole,
    f.organ_id,
    f.place_code
FROM (
    SELECT
        m.metric,
        m.least,
        f.report_id,
        f.organ_id,
        f.place_code,
        o.name AS organ,
        f.kind,
        f.level,
        f.year,
        f.scope,
        f.edition,
        f.region_code,
        f.township_code,
        f.covered_depth,
        COALESCE(o.series_id, o.id) AS series_id,
        CASE m.metric
            WHEN 'disclosure-rate' THEN f.granted + f.partially_granted
            WHEN 'refusal-rate' THEN f.refused
            WHEN 'unavailable-share' THEN f.unavailable
            WHEN 'not-processed-share' THEN f.not_processed
            WHEN 'carry-out-ratio' THEN f.carried_out
            WHEN 'not-held-share' THEN f.not_held
            WHEN 'corporate-share' THEN f.from_organizations
            WHEN 'reviews-per-100-applications' THEN f.review_total
            WHEN 'litigation-after-review-per-review' THEN f.litigation_after_review
            WHEN 'normative-documents-churn' THEN f.documents_issued + f.documents_repealed
            WHEN 'review-correction-rate' THEN f.review_corrected
            WHEN 'litigation-correction-rate' THEN f.litigation_corrected
        END AS part,
        CASE m.metric
            WHEN 'carry-out-ratio' THEN f.carried_in + f.received
            WHEN 'corporate-share' THEN f.received
            WHEN 'reviews-per-100-applications' THEN f.received
            WHEN 'litigation-after-review-per-review' THEN f.review_total
            WHEN 'normative-documents-churn' THEN f.documents_in_force
            WHEN 'review-correction-rate' THEN f.review_upheld + f.review_corrected + f.review_other
            WHEN 'litigation-correction-rate' THEN f.litigation_upheld + f.litigation_corrected + f.litigation_other
            ELSE f.processed
        END AS whole
    FROM rate AS m
    CROSS JOIN report_figure AS f
    LEFT JOIN organ AS o ON o.id = f.organ_id
) AS f;

-- What wholes are made of, one row per current report and item that its edition asks for:
-- 'refusal-grounds' of refused, 'not-processed-reasons' of not_processed, 'applicants' of received.
-- part and whole are both NULL where either is not settled. A report of which the edition asks for
-- none, or is not known, has one row without an item. Ask for one breakdown.
CREATE VIEW v_breakdown AS
SELECT
    b.breakdown,
    i.item,
    i.ordinal,
    q.report_id,
    q.organ,
    q.kind,
    q.level,
    q.year,
    q.scope,
    q.edition,
    q.region_code,
    q.township_code,
    q.covered_depth,
    q.series_id,
    CASE
        WHEN b.breakdown = 'refusal-grounds' AND q.refused IS NULL THEN NULL
        WHEN b.breakdown = 'not-processed-reasons' AND q.not_processed IS NULL THEN NULL
        WHEN b.breakdown <> 'applicants' THEN COALESCE(a.total, s.value)
        WHEN q.received IS NULL THEN NULL
        WHEN i.item = 'natural_person' THEN a.natural_person
        WHEN i.item = 'business' THEN a.business
        WHEN i.item = 'research' THEN a.research
        WHEN i.item = 'welfare' THEN a.welfare
        WHEN i.item = 'legal_service' THEN a.legal_service
        WHEN i.item = 'other_org' THEN a.other_org
    END AS part,
    CASE
        WHEN b.breakdown = 'refusal-grounds' AND COALESCE(a.total, s.value) IS NOT NULL THEN q.refused
        WHEN b.breakdown = 'not-processed-reasons' AND a.total IS NOT NULL THEN q.not_processed
        WHEN i.item = 'natural_person' AND a.natural_person IS NOT NULL THEN q.received
        WHEN i.item = 'business' AND a.business IS NOT NULL THEN q.received
        WHEN i.item = 'research' AND a.research IS NOT NULL THEN q.received
        WHEN i.item = 'welfare' AND a.welfare IS NOT NULL THEN q.received
        WHEN i.item = 'legal_service' AND a.legal_service IS NOT NULL THEN q.received
        WHEN i.item = 'other_org' AND a.other_org IS NOT NULL THEN q.received
    END AS whole
FROM (
    SELECT 'refusal-grounds' AS breakdown
    UNION ALL SELECT 'not-processed-reasons' AS breakdown
    UNION ALL SELECT 'applicants' AS breakdown
) AS b
CROSS JOIN v_requests AS q
LEFT JOIN (
    SELECT 'refusal-grounds' AS breakdown, d.edition, d.row_key AS item, d.ordinal, d.id AS row_id
    FROM form_row AS d
    WHERE (d.table_key = 'applications' AND d.row_key LIKE 'refused.%')
        OR (d.table_key = 'statistics' AND d.row_key LIKE 'applications.replied.refused.%')
    UNION ALL
    SELECT 'not-processed-reasons' AS breakdown, d.edition, d.row_key AS item, d.ordinal, d.id AS row_id
    FROM form_row AS d
    WHERE d.table_key = 'applications' AND d.row_key LIKE 'not!_processed.%' ESCAPE '!'
    UNION ALL
    SELECT 'applicants' AS breakdown, d.edition, k.column_key AS item, k.ordinal, d.id AS row_id
    FROM form_row AS d
    INNER JOIN form_column AS k ON k.edition = d.edition AND k.table_key = d.table_key
    WHERE d.table_key = 'applications' AND d.row_key = 'received.new' AND k.column_key <> 'total'
) AS i ON i.breakdown = b.breakdown AND i.edition = q.edition
LEFT JOIN application_fact AS a ON a.row_id = i.row_id AND a.report_id = q.report_id
LEFT JOIN statistic_fact AS s ON s.row_id = i.row_id AND s.report_id = q.report_id;

-- In which region of each level a region lies: place_level 1 province, 2 city, 3 county. A county
-- without a city above it stands among the cities, and a city without counties among the counties;
-- a region above the level is not here. Sums by the places of one level count no body twice with
-- covered_depth < place_depth.
CREATE VIEW v_region_place AS
SELECT
    r.code AS region_code,
    l.place_level,
    g.code AS place_code,
    g.name AS place,
    CASE WHEN g.level < l.place_level THEN g.level ELSE l.place_level END AS place_depth
FROM (
    SELECT 1 AS place_level
    UNION ALL SELECT 2 AS place_level
    UNION ALL SELECT 3 AS place_level
) AS l
CROSS JOIN region AS r
INNER JOIN region AS g
    ON g.code = CASE l.place_level
        WHEN 1 THEN SUBSTR(r.code, 1, 2) || '0000'
        WHEN 2 THEN COALESCE(
            (SELECT c.code FROM region AS c WHERE c.code = SUBSTR(r.code, 1, 4) || '00' AND c.level = 2),
            r.code
        )
        ELSE r.code
    END
    AND (
        g.level >= l.place_level
        OR (
            l.place_level = 3
            AND g.level = 2
            AND NOT EXISTS (
                SELECT 1
                FROM region AS c
                WHERE c.level = 3 AND c.code BETWEEN g.code AND SUBSTR(g.code, 1, 4) || '99'
            )
        )
    )
WHERE r.level < 4;

-- The same of the current reports, with place_level 4 township or street.
CREATE VIEW v_place AS
SELECT r.id AS report_id, p.place_level, p.place_code, p.place, p.place_depth
FROM report AS r
INNER JOIN v_region_place AS p ON p.region_code = r.region_code
WHERE r.is_current = 1
UNION ALL
SELECT r.id AS report_id, 4 AS place_level, g.code AS place_code, g.name AS place, 4 AS place_depth
FROM report AS r
INNER JOIN region AS g ON g.code = r.township_code
WHERE r.is_current = 1;

-- place_breakdown as it is to be, likewise.
CREATE VIEW place_breakdown_due AS
SELECT
    COALESCE(p.place_level, 1) AS place_level,
    COALESCE(p.place_code, '000000') AS place_code,
    b.year,
    b.edition,
    b.scope,
    b.covered_depth,
    b.breakdown,
    b.item,
    b.ordinal,
    SUM(b.reports) AS reports,
    SUM(b.complete) AS complete,
    SUM(b.part) AS part,
    SUM(b.whole) AS whole
FROM (
    SELECT
        f.region_code,
        f.year,
        f.edition,
        f.scope,
        f.covered_depth,
        f.breakdown,
        f.item,
        f.ordinal,
        COUNT(*) AS reports,
        COUNT(f.part) AS complete,
        SUM(f.part) AS part,
        SUM(f.whole) AS whole
    FROM v_breakdown AS f
    WHERE f.year IN (SELECT d.year FROM place_due AS d)
        AND EXISTS (
            SELECT 1
            FROM place_due AS d
            WHERE d.year = f.year AND d.province = COALESCE(SUBSTR(f.region_code, 1, 2), '00')
        )
    GROUP BY f.region_code, f.year, f.edition, f.scope, f.covered_depth, f.breakdown, f.item, f.ordinal
) AS b
LEFT JOIN v_region_place AS p ON p.region_code = b.region_code
GROUP BY 1, 2, b.year, b.edition, b.scope, b.covered_depth, b.breakdown, b.item, b.ordinal;

-- The rates of v_rate by place: part and whole are NULL, or sums over all reports of the row. Ask for
-- one metric.
CREATE VIEW v_place_rate AS
SELECT
    f.metric,
    f.least,
    f.place_level,
    f.place_code,
    f.place_depth,
    f.year,
    f.edition,
    f.scope,
    f.covered_depth,
    f.reports,
    CASE WHEN f.part IS NOT NULL AND f.whole IS NOT NULL THEN f.reports ELSE 0 END AS complete,
    CASE WHEN f.whole IS NOT NULL THEN f.part END AS part,
    CASE WHEN f.part IS NOT NULL THEN f.whole END AS whole
FROM (
    SELECT
        m.metric,
        m.least,
        f.place_level,
        f.place_code,
        f.place_depth,
        f.year,
        f.edition,
        f.scope,
        f.covered_depth,
        f.reports,
        CASE m.metric
            WHEN 'disclosure-rate' THEN f.granted + f.partially_granted
            WHEN 'refusal-rate' THEN f.refused
            WHEN 'unavailable-share' THEN f.unavailable
            WHEN 'not-processed-share' THEN f.not_processed
            WHEN 'carry-out-ratio' THEN f.carried_out
            WHEN 'not-held-share' THEN f.not_held
            WHEN 'corporate-share' THEN f.from_organizations
            WHEN 'reviews-per-100-applications' THEN f.review_total
            WHEN 'litigation-after-review-per-review' THEN f.litigation_after_review
            WHEN 'normative-documents-churn' THEN f.documents_issued + f.documents_repealed
            WHEN 'review-correction-rate' THEN f.review_corrected
            WHEN 'litigation-correction-rate' THEN f.litigation_corrected
        END AS part,
        CASE m.metric
            WHEN 'carry-out-ratio' THEN f.carried_in + f.received
            WHEN 'corporate-share' THEN f.received
            WHEN 'reviews-per-100-applications' THEN f.received
            WHEN 'litigation-after-review-per-review' THEN f.review_total
            WHEN 'normative-documents-churn' THEN f.documents_in_force
            WHEN 'review-correction-rate' THEN f.review_upheld + f.review_corrected + f.review_other
            WHEN 'litigation-correction-rate' THEN f.litigation_upheld + f.litigation_corrected + f.litigation_other
            ELSE f.processed
        END AS whole
    FROM rate AS m
    CROSS JOIN v_place_figure AS f
) AS f;

-- What bodies are ranked and compared by: the rates, and figures of which part and whole are the
-- same (alike). least is the whole from which on a report is compared.
CREATE VIEW measure AS
SELECT r.metric AS measure, r.least, 0 AS alike
FROM rate AS r
UNION ALL SELECT 'review-corrected' AS measure, 1 AS least, 0 AS alike
UNION ALL SELECT 'litigation-corrected' AS measure, 1 AS least, 0 AS alike
UNION ALL SELECT 'received' AS measure, 0 AS least, 1 AS alike
UNION ALL SELECT 'backlog-growth' AS measure, 1 AS least, 1 AS alike
UNION ALL SELECT 'licensing' AS measure, 1 AS least, 1 AS alike
UNION ALL SELECT 'penalties' AS measure, 1 AS least, 1 AS alike
UNION ALL SELECT 'coercion' AS measure, 1 AS least, 1 AS alike;

-- place_measure as it is to be, of the years and provinces in place_due. (With a LIMIT, parts and
-- wholes are worked out once and not for each sum.)
CREATE VIEW place_measure_due AS
SELECT
    l.place_level,
    b.measure,
    b.year,
    CASE l.place_level WHEN 0 THEN b.place_code ELSE SUBSTR(b.place_code, 1, 2) || '0000' END AS place_code,
    b.scope,
    b.kind,
    b.level,
    b.covered_depth,
    SUM(b.reports) AS reports,
    SUM(b.settled) AS settled,
    SUM(b.part) AS part,
    SUM(b.whole) AS whole,
    SUM(b.compared) AS compared,
    SUM(b.without) AS without,
    SUM(b.compared_part) AS compared_part,
    SUM(b.compared_whole) AS compared_whole,
    MIN(b.lowest) AS lowest,
    MAX(b.highest) AS highest,
    MAX(b.most) AS most
FROM (
    SELECT
        f.place_code,
        f.year,
        f.scope,
        f.level,
        f.kind,
        f.covered_depth,
        f.measure,
        COUNT(*) AS reports,
        COUNT(f.part + f.whole) AS settled,
        SUM(CASE WHEN f.whole IS NOT NULL THEN f.part END) AS part,
        SUM(CASE WHEN f.part IS NOT NULL THEN f.whole END) AS whole,
        COUNT(CASE WHEN f.whole >= f.least THEN f.part END) AS compared,
        COUNT(CASE WHEN f.whole >= f.least AND f.part = 0 THEN 1 END) AS without,
        SUM(CASE WHEN f.whole >= f.least THEN f.part END) AS compared_part,
        SUM(CASE WHEN f.whole >= f.least AND f.part IS NOT NULL THEN f.whole END) AS compared_whole,
        MIN(CASE WHEN f.whole >= f.least THEN CAST(f.part AS REAL) / NULLIF(f.whole, 0) END) AS lowest,
        MAX(CASE WHEN f.whole >= f.least THEN CAST(f.part AS REAL) / NULLIF(f.whole, 0) END) AS highest,
        MAX(CASE WHEN f.whole >= f.least THEN f.part END) AS most
    FROM (
        SELECT
            f.place_code,
            f.year,
            f.scope,
            f.level,
            f.kind,
            f.covered_depth,
            f.measure,
            f.least,
            f.part,
            CASE f.alike WHEN 1 THEN f.part ELSE f.whole END AS whole
        FROM (
            SELECT
                f.place_code,
                f.year,
                f.scope,
                COALESCE(f.level, 9) AS level,
                f.kind,
                f.covered_depth,
                m.measure,
                m.least,
                m.alike,
                CASE m.measure
                    WHEN 'disclosure-rate' THEN f.granted + f.partially_granted
                    WHEN 'refusal-rate' THEN f.refused
                    WHEN 'unavailable-share' THEN f.unavailable
                    WHEN 'not-processed-share' THEN f.not_processed
                    WHEN 'carry-out-ratio' THEN f.carried_out
                    WHEN 'not-held-share' THEN f.not_held
                    WHEN 'corporate-share' THEN f.from_organizations
                    WHEN 'reviews-per-100-applications' THEN f.review_total
                    WHEN 'litigation-after-review-per-review' THEN f.litigation_after_review
                    WHEN 'normative-documents-churn' THEN f.documents_issued + f.documents_repealed
                    WHEN 'review-correction-rate' THEN f.review_corrected
                    WHEN 'litigation-correction-rate' THEN f.litigation_corrected
                    WHEN 'received' THEN f.received
                    -- NULL where what was received is not settled
                    WHEN 'backlog-growth' THEN f.carried_out - f.carried_in + f.received - f.received
                    WHEN 'review-corrected' THEN f.review_corrected
                    WHEN 'litigation-corrected' THEN f.litigation_corrected
                    ELSE (
                        SELECT a.decisions
                        FROM form_row AS d
                        INNER JOIN disclosure_fact AS a ON a.row_id = d.id AND a.report_id = f.report_id
                        WHERE d.table_key = 'disclosure' AND d.row_key = m.measure AND d.edition = f.edition
                    )
                END AS part,
                CASE m.measure
                    WHEN 'carry-out-ratio' THEN f.carried_in + f.received
                    WHEN 'corporate-share' THEN f.received
                    WHEN 'reviews-per-100-applications' THEN f.received
                    WHEN 'litigation-after-review-per-review' THEN f.review_total
                    WHEN 'normative-documents-churn' THEN f.documents_in_force
                    WHEN 'review-correction-rate' THEN f.review_upheld + f.review_corrected + f.review_other
                    WHEN 'litigation-correction-rate' THEN f.litigation_upheld + f.litigation_corrected + f.litigation_other
                    WHEN 'review-corrected' THEN f.review_upheld + f.review_corrected + f.review_other
                    WHEN 'litigation-corrected' THEN f.litigation_upheld + f.litigation_corrected + f.litigation_other
                    ELSE f.processed
                END AS whole
            FROM place_due AS d
            CROSS JOIN report_figure AS f
                ON f.year = d.year
                AND f.place_code BETWEEN d.province || '0000' AND d.province || '9999'
            CROSS JOIN measure AS m
            LIMIT -1
        ) AS f
    ) AS f
    GROUP BY f.place_code, f.year, f.scope, f.level, f.kind, f.covered_depth, f.measure
) AS b
CROSS JOIN (SELECT 0 AS place_level UNION ALL SELECT 1 AS place_level) AS l
GROUP BY 1, 2, 3, 4, b.scope, b.kind, b.level, b.covered_depth;

-- place_measure, what waits worked out anew.
CREATE VIEW v_place_measure AS
SELECT
    p.place_level,
    p.measure,
    p.year,
    p.place_code,
    p.scope,
    p.kind,
    NULLIF(p.level, 9) AS level,
    p.covered_depth,
    p.reports,
    p.settled,
    p.part,
    p.whole,
    p.compared,
    p.without,
    p.compared_part,
    p.compared_whole,
    p.lowest,
    p.highest,
    p.most
FROM place_measure AS p
WHERE NOT EXISTS (
    SELECT 1 FROM place_due AS d WHERE d.year = p.year AND d.province = SUBSTR(p.place_code, 1, 2)
)
UNION ALL
SELECT
    p.place_level,
    p.measure,
    p.year,
    p.place_code,
    p.scope,
    p.kind,
    NULLIF(p.level, 9) AS level,
    p.covered_depth,
    p.reports,
    p.settled,
    p.part,
    p.whole,
    p.compared,
    p.without,
    p.compared_part,
    p.compared_whole,
    p.lowest,
    p.highest,
    p.most
FROM place_measure_due AS p;

-- The parts of v_breakdown by place, of place_level 1 to 3; see place_breakdown.
CREATE VIEW v_place_breakdown AS
SELECT
    p.place_level,
    p.place_code,
    p.year,
    p.edition,
    p.scope,
    p.covered_depth,
    p.breakdown,
    p.item,
    p.ordinal,
    p.reports,
    p.complete,
    p.part,
    p.whole
FROM place_breakdown AS p
WHERE NOT EXISTS (
    SELECT 1 FROM place_due AS d WHERE d.year = p.year AND d.province = SUBSTR(p.place_code, 1, 2)
)
UNION ALL
SELECT
    p.place_level,
    p.place_code,
    p.year,
    p.edition,
    p.scope,
    p.covered_depth,
    p.breakdown,
    p.item,
    p.ordinal,
    p.reports,
    p.complete,
    p.part,
    p.whole
FROM place_breakdown_due AS p;

-- The cells of 主动公开政府信息情况, one row per current report and cell of its edition; money in fen.
CREATE VIEW v_line AS
SELECT
    f.report_id,
    f.year,
    f.edition,
    f.scope,
    f.region_code,
    f.covered_depth,
    c.row_key AS item,
    c.column_key AS figure,
    CASE c.column_key
        WHEN 'made' THEN a.made
        WHEN 'published' THEN a.published
        WHEN 'public_total' THEN a.public_total
        WHEN 'items_last_year' THEN a.items_last_year
        WHEN 'change' THEN a.change
        WHEN 'decisions' THEN a.decisions
        WHEN 'projects' THEN a.projects
        WHEN 'amount' THEN a.amount_fen
        WHEN 'issued' THEN a.issued
        WHEN 'repealed' THEN a.repealed
        WHEN 'in_force' THEN a.in_force
    END AS value
FROM report_figure AS f
CROSS JOIN form_cell AS c ON c.edition = f.edition AND c.table_key = 'disclosure'
CROSS JOIN form_row AS d ON d.table_key = c.table_key AND d.row_key = c.row_key AND d.edition = c.edition
LEFT JOIN disclosure_fact AS a ON a.row_id = d.id AND a.report_id = f.report_id;

-- place_line as it is to be, likewise.
CREATE VIEW place_line_due AS
SELECT
    COALESCE(p.place_level, 1) AS place_level,
    COALESCE(p.place_code, '000000') AS place_code,
    b.year,
    b.edition,
    b.scope,
    b.covered_depth,
    b.item,
    b.figure,
    SUM(b.reports) AS reports,
    SUM(b.value) AS value
FROM (
    SELECT
        f.region_code,
        f.year,
        f.edition,
        f.scope,
        f.covered_depth,
        f.item,
        f.figure,
        COUNT(*) AS reports,
        SUM(f.value) AS value
    FROM v_line AS f
    WHERE f.year IN (SELECT d.year FROM place_due AS d)
        AND EXISTS (
            SELECT 1
            FROM place_due AS d
            WHERE d.year = f.year AND d.province = COALESCE(SUBSTR(f.region_code, 1, 2), '00')
        )
        AND f.value IS NOT NULL
    GROUP BY f.region_code, f.year, f.edition, f.scope, f.covered_depth, f.item, f.figure
) AS b
LEFT JOIN v_region_place AS p ON p.region_code = b.region_code
GROUP BY 1, 2, b.year, b.edition, b.scope, b.covered_depth, b.item, b.figure;

-- place_mark as it is to be, likewise.
CREATE VIEW place_mark_due AS
SELECT
    COALESCE(p.place_level, 1) AS place_level,
    COALESCE(p.place_code, '000000') AS place_code,
    b.year,
    b.scope,
    b.row_id,
    b.state,
    SUM(b.cells) AS cells,
    SUM(b.reports) AS reports,
    SUM(b.settled) AS settled
FROM (
    SELECT
        f.region_code,
        f.year,
        f.scope,
        m.row_id,
        m.state,
        COUNT(*) AS cells,
        COUNT(DISTINCT m.report_id) AS reports,
        COUNT(m.implied) AS settled
    FROM place_due AS d
    CROSS JOIN report_figure AS f
        ON f.year = d.year
        AND f.place_code BETWEEN d.province || '0000' AND d.province || '9999'
    CROSS JOIN cell_mark AS m
        ON m.report_id = f.report_id AND m.state IN ('blank', 'not_applicable', 'text', 'missing')
    GROUP BY f.region_code, f.year, f.scope, m.row_id, m.state
) AS b
LEFT JOIN v_region_place AS p ON p.region_code = b.region_code
GROUP BY 1, 2, b.year, b.scope, b.row_id, b.state;

-- The cells that are no number by place, of place_level 1 to 3; see place_mark.
CREATE VIEW v_place_mark AS
SELECT p.place_level, p.place_code, p.year, p.scope, p.row_id, p.state, p.cells, p.reports, p.settled
FROM place_mark AS p
WHERE NOT EXISTS (
    SELECT 1 FROM place_due AS d WHERE d.year = p.year AND d.province = SUBSTR(p.place_code, 1, 2)
)
UNION ALL
SELECT p.place_level, p.place_code, p.year, p.scope, p.row_id, p.state, p.cells, p.reports, p.settled
FROM place_mark_due AS p;

-- The cells of v_line by place, of place_level 1 to 3; see place_line.
CREATE VIEW v_place_line AS
SELECT
    p.place_level,
    p.place_code,
    p.year,
    p.edition,
    p.scope,
    p.covered_depth,
    p.item,
    p.figure,
    p.reports,
    p.value
FROM place_line AS p
WHERE NOT EXISTS (
    SELECT 1 FROM place_due AS d WHERE d.year = p.year AND d.province = SUBSTR(p.place_code, 1, 2)
)
UNION ALL
SELECT
    p.place_level,
    p.place_code,
    p.year,
    p.edition,
    p.scope,
    p.covered_depth,
    p.item,
    p.figure,
    p.reports,
    p.value
FROM place_line_due AS p;

-- Every body with the series it belongs to: a body and what it was renamed from or merged of have one
-- series_id, and `series` is the last name. In a year in which the parts of a merged body still
-- reported apart, several bodies add up; whether all of them are loaded, their number tells. The
-- other views have series_id as well:
--   SELECT s.name AS series, q.year, q.scope, COUNT(*) AS bodies, SUM(q.received) AS received
--   FROM v_requests AS q INNER JOIN organ AS s ON s.id = q.series_id
--   GROUP BY q.series_id, q.year, q.scope
CREATE VIEW v_organ_series AS
SELECT
    o.id AS organ_id,
    o.name AS organ,
    o.kind,
    o.region_code,
    o.valid_from,
    o.valid_to,
    s.id AS series_id,
    s.name AS series,
    (SELECT COUNT(*) FROM organ_successor AS n WHERE n.organ_id = o.id) AS successors,
    (SELECT MIN(r.year) FROM report AS r WHERE r.organ_id = o.id) AS first_report,
    (SELECT MAX(r.year) FROM report AS r WHERE r.organ_id = o.id) AS last_report
FROM organ AS o
INNER JOIN organ AS s ON s.id = COALESCE(o.series_id, o.id);

-- Corrections by hand with where they stand: 'active', 'withdrawn', 'replaced' where another of the
-- cell took the place, 'carried' over to a later report, or 'lapsed' where the report does not count
-- any more. The withdrawal of one that was replaced has the reason and the maker of what replaced it.
CREATE VIEW v_correction AS
SELECT
    c.id,
    c.report_id,
    o.name AS organ,
    r.region_code,
    r.year,
    r.scope,
    c.edition,
    c.cell,
    c.original_state,
    c.original_raw,
    c.raw,
    c.state,
    c.value,
    c.unit,
    c.reason,
    c.made_by,
    c.made_at,
    CASE
        WHEN EXISTS (
            SELECT 1 FROM correction AS n
            WHERE n.report_id = c.report_id AND n.edition = c.edition AND n.cell = c.cell
                AND n.id > c.id AND n.made_at = c.withdrawn_at AND n.reason = c.withdrawn_reason
                AND n.made_by = c.withdrawn_by
        ) THEN 'replaced'
        WHEN c.withdrawn_at IS NOT NULL THEN 'withdrawn'
        WHEN r.is_current = 1 THEN 'active'
        WHEN EXISTS (SELECT 1 FROM correction AS n WHERE n.carried_from = c.id) THEN 'carried'
        ELSE 'lapsed'
    END AS standing,
    c.withdrawn_reason,
    c.withdrawn_by,
    c.withdrawn_at
FROM correction AS c
INNER JOIN report AS r ON r.id = c.report_id
INNER JOIN organ AS o ON o.id = r.organ_id;

-- Findings of the current reports with the decision on each: '' open, 'confirmed' or 'dismissed';
-- 'lapsed' where the facts changed after it was made. evidence names the place of each cell.
CREATE VIEW v_finding AS
SELECT
    f.id,
    f.key,
    f.report_id,
    o.name AS organ,
    r.year,
    r.scope,
    r.region_code,
    f.rule,
    u.title_zh AS rule_zh,
    f.outcome,
    f.severity,
    m.zh AS message,
    m.en AS message_en,
    f.cells,
    f.expected,
    f.found,
    f.difference,
    f.evidence,
    f.repair,
    CASE
        WHEN d.id IS NULL THEN ''
        WHEN d.facts_sha256 = f.facts_sha256 THEN d.verdict
        ELSE 'lapsed'
    END AS decision,
    d.reason,
    d.decided_by,
    d.decided_at,
    f.check_run_id,
    s.path
FROM finding AS f
INNER JOIN report AS r ON r.id = f.report_id
INNER JOIN organ AS o ON o.id = r.organ_id
INNER JOIN source AS s ON s.id = r.source_id
INNER JOIN message AS m ON m.id = f.message_id
LEFT JOIN rule AS u ON u.rule = f.rule
LEFT JOIN decision AS d ON d.id = (SELECT MAX(l.id) FROM decision AS l WHERE l.finding_key = f.key)
WHERE r.is_current = 1;

-- attendance as it is to be, of the years in attendance_wait. (CROSS JOIN keeps the order: few bodies
-- have kin, many report in a year.)
CREATE VIEW attendance_due AS
WITH entry AS (
    SELECT
        x.year,
        x.organ_key,
        x.scope,
        x.origin,
        x.organ,
        x.kind,
        x.region_code,
        x.township_code,
        COALESCE(
            (
                SELECT r.id
                FROM organ AS o
                INNER JOIN report AS r
                    ON r.organ_id = o.id AND r.year = x.year AND r.scope = x.scope AND r.is_current = 1
                WHERE o.key = x.organ_key
            ),
            (
                SELECT MIN(r.id)
                FROM organ_kin AS k
                CROSS JOIN organ AS o ON o.key = k.kin_key
                CROSS JOIN report AS r
                    ON r.organ_id = o.id AND r.year = x.year AND r.scope = x.scope AND r.is_current = 1
                WHERE k.organ_key = x.organ_key
            )
        ) AS report_id
    FROM attendance_wait AS w
    CROSS JOIN expectation AS x ON x.year = w.year
    UNION ALL
    SELECT
        r.year,
        o.key AS organ_key,
        r.scope,
        NULL AS origin,
        NULL AS organ,
        NULL AS kind,
        r.region_code,
        r.township_code,
        r.id AS report_id
    FROM attendance_wait AS w
    CROSS JOIN report AS r ON r.year = w.year AND r.is_current = 1
    CROSS JOIN organ AS o ON o.id = r.organ_id
    WHERE NOT EXISTS (
            SELECT 1
            FROM expectation AS x
            WHERE x.year = r.year AND x.organ_key = o.key AND x.scope = r.scope
        )
        AND NOT EXISTS (
            SELECT 1
            FROM organ_kin AS k
            CROSS JOIN expectation AS x ON x.year = r.year AND x.organ_key = k.kin_key AND x.scope = r.scope
            WHERE k.organ_key = o.key
                AND NOT EXISTS (
                    SELECT 1
                    FROM organ AS p
                    INNER JOIN report AS q
                        ON q.organ_id = p.id AND q.year = x.year AND q.scope = x.scope AND q.is_current = 1
                    WHERE p.key = x.organ_key
                )
        )
)
SELECT
    e.year,
    e.scope,
    CASE WHEN e.origin IS NULL THEN 'unexpected' WHEN e.report_id IS NULL THEN 'missing' ELSE 'come' END AS state,
    e.origin,
    o.id AS organ_id,
    CASE WHEN o.id IS NULL THEN e.organ_key END AS organ_key,
    CASE WHEN o.id IS NULL THEN e.organ END AS organ,
    COALESCE(e.kind, o.kind) AS kind,
    e.region_code,
    e.township_code,
    e.report_id,
    (e.year + 1) || '-' || d.due AS due,
    CASE
        WHEN e.report_id IS NOT NULL
            THEN COALESCE(
                d.statutory = 1
                AND r.published > (e.year + 1) || '-' || d.due
                AND r.published < (e.year + 1) || '-' || d.doubtful,
                0
            )
    END AS late
FROM entry AS e
LEFT JOIN organ AS o ON o.key = e.organ_key
LEFT JOIN report AS r ON r.id = e.report_id
LEFT JOIN due_day AS d
    ON d.kind = COALESCE(e.kind, o.kind)
    AND d.scope = e.scope
    AND e.year >= d.first_year
    AND e.year <= d.last_year;

-- attendance, what waits worked out anew.
CREATE VIEW v_attendance AS
SELECT
    a.year,
    a.scope,
    a.state,
    a.origin,
    a.organ_id,
    a.organ_key,
    a.organ,
    a.kind,
    a.region_code,
    a.township_code,
    a.report_id,
    a.due,
    a.late
FROM attendance AS a
WHERE NOT EXISTS (SELECT 1 FROM attendance_wait AS w WHERE w.year = a.year)
UNION ALL
SELECT
    a.year,
    a.scope,
    a.state,
    a.origin,
    a.organ_id,
    a.organ_key,
    a.organ,
    a.kind,
    a.region_code,
    a.township_code,
    a.report_id,
    a.due,
    a.late
FROM attendance_due AS a;

-- The current reports of which another source has other figures.
CREATE VIEW report_twice AS
SELECT r.id AS report_id
FROM report AS r
INNER JOIN source AS s ON s.id = r.source_id
WHERE EXISTS (
    SELECT 1
    FROM report AS t
    INNER JOIN held_report AS h ON h.report_id = t.id
    WHERE t.organ_id = r.organ_id
        AND t.year = r.year
        AND t.scope = r.scope
        AND t.is_current = 0
        AND t.cells_sha256 <> r.cells_sha256
        AND h.path <> s.path
);

-- Who was to report and who did: one row a body, year and scope. state: 'come', 'missing', or
-- 'unexpected' (reported without being expected; origin is NULL). origin: 'listed' by the user's
-- list, or 'last_year': it reported the year before. A body has come if its report is loaded, or
-- that of a body which it was before or became. late: published after the day of the statute (due
-- has by-custom days as well), but not so late that the date may be that of a move of the site.
-- twice: another source has other figures. errors: open findings of that severity that nobody
-- dismissed; checked = 0: they are not up to date. NULL where there is no report.
CREATE VIEW v_expected AS
SELECT
    a.year,
    a.region_code,
    g.name AS region,
    a.township_code,
    COALESCE(o.name, a.organ) AS organ,
    a.kind,
    a.scope,
    a.origin,
    a.state,
    a.report_id,
    r.published,
    a.due,
    a.late,
    CASE
        WHEN a.report_id IS NOT NULL
            THEN EXISTS (SELECT 1 FROM report_twice AS t WHERE t.report_id = a.report_id)
    END AS twice,
    CASE
        WHEN a.report_id IS NOT NULL
            THEN EXISTS (SELECT 1 FROM report_check AS c WHERE c.report_id = a.report_id AND c.bodies = 1)
    END AS checked,
    CASE
        WHEN a.report_id IS NOT NULL
            THEN COALESCE((SELECT f.errors FROM report_found AS f WHERE f.report_id = a.report_id), 0)
    END AS errors,
    s.path,
    COALESCE(o.key, a.organ_key) AS organ_key
FROM v_attendance AS a
LEFT JOIN organ AS o ON o.id = a.organ_id
LEFT JOIN report AS r ON r.id = a.report_id
LEFT JOIN source AS s ON s.id = r.source_id
LEFT JOIN region AS g ON g.code = a.region_code;

-- coverage as it is to be, of what is in coverage_wait and attendance_wait.
CREATE VIEW coverage_due AS
SELECT
    a.year,
    a.region_code,
    a.scope,
    SUM(a.state = 'come') AS come,
    SUM(a.state = 'missing') AS missing,
    SUM(a.state = 'unexpected') AS unexpected,
    SUM(COALESCE(a.late, 0)) AS late,
    SUM(a.twice) AS twice,
    SUM(a.checked AND a.errors > 0) AS with_errors,
    SUM(a.checked AND a.errors = 0) AS clean,
    SUM(a.state <> 'missing' AND NOT a.checked) AS unchecked
FROM (
    SELECT
        a.year,
        a.region_code,
        a.scope,
        a.state,
        a.late,
        EXISTS (SELECT 1 FROM report_twice AS t WHERE t.report_id = a.report_id) AS twice,
        EXISTS (SELECT 1 FROM report_check AS c WHERE c.report_id = a.report_id AND c.bodies = 1) AS checked,
        COALESCE((SELECT f.errors FROM report_found AS f WHERE f.report_id = a.report_id), 0) AS errors
    FROM (
        SELECT a.year, a.region_code, a.scope, a.state, a.late, a.report_id
        FROM coverage_wait AS w
        CROSS JOIN attendance AS a
            ON a.year = w.year AND COALESCE(a.region_code, '') = COALESCE(w.region_code, '')
        WHERE NOT EXISTS (SELECT 1 FROM attendance_wait AS n WHERE n.year = a.year)
        UNION ALL
        SELECT a.year, a.region_code, a.scope, a.state, a.late, a.report_id
        FROM attendance_due AS a
    ) AS a
) AS a
GROUP BY a.year, a.region_code, a.scope;

-- Attendance by year, region and scope: see v_coverage.
CREATE VIEW v_attended AS
SELECT
    c.year,
    c.region_code,
    c.scope,
    c.come,
    c.missing,
    c.unexpected,
    c.late,
    c.twice,
    c.with_errors,
    c.clean,
    c.unchecked
FROM coverage AS c
WHERE NOT EXISTS (SELECT 1 FROM attendance_wait AS w WHERE w.year = c.year)
    AND NOT EXISTS (
        SELECT 1 FROM coverage_wait AS w WHERE w.year = c.year AND w.region_code = COALESCE(c.region_code, '')
    )
UNION ALL
SELECT
    c.year,
    c.region_code,
    c.scope,
    c.come,
    c.missing,
    c.unexpected,
    c.late,
    c.twice,
    c.with_errors,
    c.clean,
    c.unchecked
FROM coverage_due AS c;

-- The same by region and year, each body counted in the region it belongs to itself. It holds that
-- expected = come + missing, and come + unexpected = with_errors + clean + unchecked. unparsed is
-- the number of files that failed to load, which are no bodies; region and year are NULL where
-- nothing tells them.
CREATE VIEW v_coverage AS
SELECT
    c.year,
    c.region_code,
    g.name AS region,
    SUM(c.come + c.missing) AS expected,
    SUM(c.come) AS come,
    SUM(c.missing) AS missing,
    SUM(c.unexpected) AS unexpected,
    SUM(c.late) AS late,
    SUM(c.twice) AS twice,
    SUM(c.unparsed) AS unparsed,
    SUM(c.with_errors) AS with_errors,
    SUM(c.clean) AS clean,
    SUM(c.unchecked) AS unchecked
FROM (
    SELECT
        v.year,
        v.region_code,
        v.come,
        v.missing,
        v.unexpected,
        v.late,
        v.twice,
        0 AS unparsed,
        v.with_errors,
        v.clean,
        v.unchecked
    FROM v_attended AS v
    UNION ALL
    SELECT
        f.year,
        f.region_code,
        0 AS come,
        0 AS missing,
        0 AS unexpected,
        0 AS late,
        0 AS twice,
        1 AS unparsed,
        0 AS with_errors,
        0 AS clean,
        0 AS unchecked
    FROM load_failure AS f
) AS c
LEFT JOIN region AS g ON g.code = c.region_code
GROUP BY c.year, c.region_code;

-- place_finding as it is to be, of the years and provinces in finding_wait.
CREATE VIEW place_finding_due AS
SELECT
    COALESCE(p.place_level, 1) AS place_level,
    COALESCE(p.place_code, '000000') AS place_code,
    b.year,
    b.rule,
    b.severity,
    b.outcome,
    SUM(b.findings) AS findings,
    SUM(b.reports) AS reports,
    SUM(b.confirmed) AS confirmed,
    SUM(b.dismissed) AS dismissed
FROM (
    SELECT
        r.region_code,
        r.year,
        f.rule,
        f.severity,
        f.outcome,
        COUNT(*) AS findings,
        COUNT(DISTINCT f.report_id) AS reports,
        COUNT(CASE WHEN d.verdict = 'confirmed' THEN 1 END) AS confirmed,
        COUNT(CASE WHEN d.verdict = 'dismissed' THEN 1 END) AS dismissed
    FROM finding_wait AS w
    CROSS JOIN report_figure AS r
        ON r.year = w.year
        AND r.place_code BETWEEN w.province || '0000' AND w.province || '9999'
    CROSS JOIN finding AS f ON f.report_id = r.report_id
    LEFT JOIN decision AS d
        ON d.id = (SELECT MAX(l.id) FROM decision AS l WHERE l.finding_key = f.key)
        AND d.facts_sha256 = f.facts_sha256
    GROUP BY r.region_code, r.year, f.rule, f.severity, f.outcome
) AS b
LEFT JOIN v_region_place AS p ON p.region_code = b.region_code
GROUP BY 1, 2, b.year, b.rule, b.severity, b.outcome;

-- What the rules found in the current reports by place, of place_level 1 to 3, with the decisions on it.
CREATE VIEW v_place_finding AS
SELECT
    p.place_level,
    p.place_code,
    p.year,
    p.rule,
    p.severity,
    p.outcome,
    p.findings,
    p.reports,
    p.confirmed,
    p.dismissed
FROM place_finding AS p
WHERE NOT EXISTS (
    SELECT 1 FROM finding_wait AS w WHERE w.year = p.year AND w.province = SUBSTR(p.place_code, 1, 2)
)
UNION ALL
SELECT
    p.place_level,
    p.place_code,
    p.year,
    p.rule,
    p.severity,
    p.outcome,
    p.findings,
    p.reports,
    p.confirmed,
    p.dismissed
FROM place_finding_due AS p;

-- year_source as it is to be, of the years in source_wait.
CREATE VIEW year_source_due AS
SELECT
    r.year,
    CASE c.both WHEN 1 THEN 'all' ELSE r.scope END AS scope,
    s.media_type,
    s.encoding,
    COUNT(DISTINCT s.id) AS files,
    COUNT(DISTINCT r.id) AS reports,
    SUM(COALESCE(s.size, 0)) AS bytes
FROM (
    SELECT r.id, r.year, r.scope
    FROM source_wait AS w
    CROSS JOIN report AS r ON r.year = w.year AND r.is_current = 1
    UNION ALL
    SELECT r.id, r.year, r.scope
    FROM report AS r
    WHERE r.is_current = 0 AND EXISTS (SELECT 1 FROM source_wait AS w WHERE w.year = r.year)
) AS r
CROSS JOIN report_source AS l ON l.report_id = r.id
CROSS JOIN source AS s ON s.id = l.source_id
CROSS JOIN (SELECT 0 AS both UNION ALL SELECT 1 AS both) AS c
GROUP BY 1, 2, s.media_type, s.encoding;

-- year_source, what waits worked out anew.
CREATE VIEW v_year_source AS
SELECT y.year, y.scope, y.media_type, y.encoding, y.files, y.reports, y.bytes
FROM year_source AS y
WHERE NOT EXISTS (SELECT 1 FROM source_wait AS w WHERE w.year = y.year)
UNION ALL
SELECT y.year, y.scope, y.media_type, y.encoding, y.files, y.reports, y.bytes
FROM year_source_due AS y;

-- What each rule said in each run.
CREATE VIEW v_check_run AS
SELECT
    c.check_run_id,
    n.started,
    n.finished,
    n.program_version,
    n.scope,
    n.reports,
    c.rule,
    c.version,
    u.title_zh AS rule_zh,
    c.passed,
    c.failed,
    c.not_assessable
FROM check_count AS c
INNER JOIN check_run AS n ON n.id = c.check_run_id
LEFT JOIN rule AS u ON u.rule = c.rule;
