-- The first structure of a register, as it was; a file of it must open for good.
CREATE TABLE register (name TEXT PRIMARY KEY NOT NULL, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE entries (
    entry INTEGER PRIMARY KEY AUTOINCREMENT,
    time TEXT NOT NULL,
    who TEXT NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('add', 'correct', 'determine', 'erase')),
    kind TEXT NOT NULL,
    verdict TEXT,
    as_of TEXT,
    policy TEXT,
    refers_to INTEGER REFERENCES entries (entry),
    reason TEXT,
    digest BLOB,
    previous BLOB NOT NULL,
    head BLOB NOT NULL
);
CREATE TABLE payloads (
    entry INTEGER PRIMARY KEY NOT NULL REFERENCES entries (entry),
    salt BLOB NOT NULL,
    document BLOB NOT NULL,
    receipt BLOB NOT NULL
);
CREATE TABLE keys (
    mark BLOB NOT NULL,
    entry INTEGER NOT NULL REFERENCES entries (entry),
    PRIMARY KEY (mark, entry)
) WITHOUT ROWID;
CREATE TRIGGER entries_stay BEFORE UPDATE ON entries
    BEGIN SELECT RAISE (ABORT, 'entries are never changed'); END;
CREATE TRIGGER entries_remain BEFORE DELETE ON entries
    BEGIN SELECT RAISE (ABORT, 'entries are never removed'); END;
PRAGMA application_id = 1885827687;
PRAGMA user_version = 1;
-- Two entries, the second correcting the first, as the first version wrote them.
INSERT INTO register VALUES ('begun', '2024-01-01T00:00:00Z'), ('identity', X'00112233445566778899AABBCCDDEEFF'),
    ('salt', X'0909090909090909090909090909090909090909090909090909090909090909');
INSERT INTO entries VALUES (1, '2024-01-02T08:00:00Z', 'officer', 'add', 'https://w3id.org/policygraph/talent#AwardClaim', 'pass', '2024-01-01',
    'abababababababababababababababababababababababababababababababab', NULL, NULL,
    X'78bc2095a0a42c00b3d922fcb377349d2c7ebf8107d4ce9914528d147393933d',
    X'007d7a23db268b03afdf17361688c6015ace5e3399e7d4cfded1c8de55c325b0',
    X'48a0f9c264738b18f0c1a75582098229dc81d5e05211f99b1949ffee6daeaf94');
INSERT INTO payloads VALUES (1, X'0101010101010101010101010101010101010101010101010101010101010101', CAST ('{"facts":"<https://w3id.org/policygraph/submission#record-1> <https://w3id.org/policygraph/talent#personName> \"张三\" .\n","key":["410700199001011239","技能大赛","1","焊接"],"name":"张三"}' AS BLOB), X'');
INSERT INTO keys VALUES (X'0b0ec6deb861c03346556aaaccf43e30c302ac69b0cebac19164db6efdf8fcfa', 1);
INSERT INTO keys VALUES (X'b2d8ca1183d25297d6b5c6e0faf60fa0654c862e5c1905b1839b25586808ad8a', 1);
INSERT INTO entries VALUES (2, '2024-01-03T08:00:00Z', 'officer', 'correct', 'https://w3id.org/policygraph/talent#AwardClaim', 'pass', '2024-01-01',
    'abababababababababababababababababababababababababababababababab', 1, NULL,
    X'a159ea4296f049dcf38a78d5d982672373669ec07812b729a8277d2fd099c347',
    X'48a0f9c264738b18f0c1a75582098229dc81d5e05211f99b1949ffee6daeaf94',
    X'9ab1e6577b05fbb4037d537e5ebab69e1f8a83fc288055cb53757a54a22805ab');
INSERT INTO payloads VALUES (2, X'0202020202020202020202020202020202020202020202020202020202020202', CAST ('{"facts":"<https://w3id.org/policygraph/submission#record-1> <https://w3id.org/policygraph/talent#personName> \"张三丰\" .\n","key":["410700199001011239","技能大赛","1","焊接"],"name":"张三丰"}' AS BLOB), X'');
INSERT INTO keys VALUES (X'0b0ec6deb861c03346556aaaccf43e30c302ac69b0cebac19164db6efdf8fcfa', 2);
INSERT INTO keys VALUES (X'006e36e1b6db7f47cce8fdd32458fae703c60b506ab1d02438213d6b6ed8acd8', 2);
-- head: 9ab1e6577b05fbb4037d537e5ebab69e1f8a83fc288055cb53757a54a22805ab
