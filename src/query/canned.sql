CREATE TABLE region (code TEXT, name TEXT) STRICT;
INSERT INTO region VALUES
    ('320000', '江苏省'), ('321300', '宿迁市'), ('321302', '宿城区'), ('320500', '苏州市');

CREATE TABLE challenge_rollup (
    proceeding TEXT, year INTEGER, region_code TEXT, township_code TEXT, scope TEXT,
    reports INTEGER, incomplete INTEGER, upheld INTEGER, corrected INTEGER, other INTEGER,
    pending INTEGER, total INTEGER
) STRICT;
INSERT INTO challenge_rollup VALUES
    ('review', 2023, '321300', NULL, 'aggregate', 1, 0, 10, 3, 4, 2, 19),
    ('review', 2023, '321300', NULL, 'own', 2, 0, 4, 2, 1, 1, 8),
    ('review', 2023, '321302', NULL, 'own', 1, 0, 1, 0, 0, 0, 1),
    ('review', 2023, '321302', NULL, 'aggregate', 1, 0, 3, 1, 0, 0, 4),
    ('review', 2023, '320500', NULL, 'own', 1, 1, NULL, NULL, NULL, NULL, NULL),
    ('review', 2023, '320000', NULL, 'own', 1, 0, 2, 1, 0, 1, 4),
    ('review', 2024, '320000', NULL, 'aggregate', 1, 0, 49, 10, 20, NULL, 79),
    ('review', 2024, '320000', NULL, 'own', 1, 0, 7, 7, 7, 7, 28),
    ('review', 2024, '321300', NULL, 'aggregate', 1, 0, 9, 9, 9, 9, 36),
    ('review', 2024, '321302', NULL, 'own', 1, 0, 8, 8, 8, 8, 32),
    ('review', 2024, NULL, NULL, 'own', 1, 0, 1, 0, 0, NULL, 1),
    ('review', 2025, '321302', '321302001', 'aggregate', 1, 0, 2, 0, 0, 0, 2),
    ('review', 2025, '321302', '321302001', 'own', 1, 0, 5, 5, 5, 5, 20),
    ('review', 2025, '321302', '321302002', 'own', 1, 0, 1, 0, 0, 0, 1),
    ('litigation', 2023, '321300', NULL, 'own', 1, 0, 0, 0, 0, 2, 2),
    ('litigation', 2024, '321300', NULL, 'own', 1, 1, NULL, NULL, NULL, NULL, NULL);

CREATE TABLE v_requests (
    organ TEXT, region_code TEXT, township_code TEXT, year INTEGER, scope TEXT, edition TEXT,
    received INTEGER, carried_in INTEGER, processed INTEGER, granted INTEGER,
    partially_granted INTEGER, refused INTEGER, carried_out INTEGER
) STRICT;
INSERT INTO v_requests VALUES
    ('宿迁市', '321300', NULL, 2023, 'aggregate', '2021', 100, 5, 98, 40, 20, 10, 7),
    ('宿迁市教育局', '321300', NULL, 2023, 'own', '2021', 30, 1, 29, 10, 5, 4, 2),
    ('宿城区', '321302', NULL, 2023, 'aggregate', '2021', 20, 0, 20, 8, 2, 1, 0),
    ('苏州市教育局', '320500', NULL, 2023, 'own', '2021', NULL, 0, 3, 1, 1, 0, 0),
    ('苏州市财政局', '320500', NULL, 2023, 'own', '2019', 9, 0, 9, 3, 3, 1, 0),
    ('江苏省教育厅', '320000', NULL, 2023, 'own', '2021', 8, 0, 0, 0, 0, 0, 8),
    ('宿迁市教育局', '321300', NULL, 2018, 'own', '2014', 12, NULL, 12, 6, 2, 1, NULL),
    ('宿迁市教育局', '321300', NULL, 2024, 'own', '2021', 31, 2, 30, 11, 5, 4, 3),
    ('宿城区河滨街道', '321302', '321302001', 2024, 'own', '2021', 1, 0, 1, 1, 0, 0, 0),
    ('国家某部', NULL, NULL, 2024, 'own', '2021', 500, 20, 490, 200, 90, 80, 30),
    ('无表机关', '320500', NULL, 2013, 'own', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);

CREATE TABLE v_disclosure (
    organ TEXT, region_code TEXT, township_code TEXT, year INTEGER, scope TEXT, edition TEXT,
    row_key TEXT, column_key TEXT, is_money INTEGER, value REAL, fen INTEGER
) STRICT;
INSERT INTO v_disclosure VALUES
    ('宿迁市', '321300', NULL, 2023, 'aggregate', '2021', 'fees', 'amount', 1, 1.5, 1500000),
    ('宿迁市教育局', '321300', NULL, 2023, 'own', '2021', 'fees', 'amount', 1, 0.5, 500000),
    ('苏州市财政局', '320500', NULL, 2023, 'own', '2021', 'fees', 'amount', 1, 7, NULL),
    ('苏州市财政局', '320500', NULL, 2023, 'own', '2021', 'licensing', 'decisions', 0, 7, NULL),
    ('宿迁市', '321300', NULL, 2023, 'aggregate', '2021', 'licensing', 'decisions', 0, 5, NULL),
    ('宿迁市教育局', '321300', NULL, 2024, 'own', '2021', 'licensing', 'decisions', 0, NULL, NULL);
