-- The demo's database as an earlier version left it, cut down to a few rows of each kind. Its people are made up.
CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL, 
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE district (
    district_id VARCHAR(64) NOT NULL, 
    key_check VARCHAR(64) NOT NULL, 
    created_at DATETIME NOT NULL, 
    PRIMARY KEY (district_id)
);
CREATE TABLE absence (
    district_id VARCHAR(64) NOT NULL, 
    source VARCHAR(100) NOT NULL, 
    record VARCHAR(32) NOT NULL, 
    accepted_at DATETIME NOT NULL, 
    ended_at DATETIME, 
    accepted_by VARCHAR(200) NOT NULL, 
    PRIMARY KEY (district_id, source, record, accepted_at), 
    CONSTRAINT fk_absence_district_id FOREIGN KEY(district_id) REFERENCES district (district_id)
);
CREATE TABLE decision (
    district_id VARCHAR(64) NOT NULL, 
    claim_id VARCHAR(16) NOT NULL, 
    recorded_at DATETIME NOT NULL, 
    ended_at DATETIME, 
    verdict VARCHAR(10) NOT NULL, 
    reason TEXT NOT NULL, 
    decided_by VARCHAR(200) NOT NULL, 
    decided_on DATE NOT NULL, 
    PRIMARY KEY (district_id, claim_id, recorded_at), 
    CONSTRAINT fk_decision_district_id FOREIGN KEY(district_id) REFERENCES district (district_id)
);
CREATE TABLE fact (
    district_id VARCHAR(64) NOT NULL, 
    kind VARCHAR(40) NOT NULL, 
    "key" VARCHAR(400) NOT NULL, 
    recorded_at DATETIME NOT NULL, 
    ended_at DATETIME, 
    payload JSON NOT NULL, 
    PRIMARY KEY (district_id, kind, "key", recorded_at), 
    CONSTRAINT fk_fact_district_id FOREIGN KEY(district_id) REFERENCES district (district_id)
);
CREATE TABLE file (
    district_id VARCHAR(64) NOT NULL, 
    source VARCHAR(100) NOT NULL, 
    fingerprint VARCHAR(64) NOT NULL, 
    name VARCHAR(255) NOT NULL, 
    sha256 VARCHAR(64) NOT NULL, 
    first_read_at DATETIME NOT NULL, 
    gone_at DATETIME, 
    ledger JSON NOT NULL, 
    records JSON NOT NULL, 
    spoken JSON NOT NULL, 
    PRIMARY KEY (district_id, source, fingerprint), 
    CONSTRAINT fk_file_district_id FOREIGN KEY(district_id) REFERENCES district (district_id)
);
CREATE TABLE finding (
    district_id VARCHAR(64) NOT NULL, 
    finding_id VARCHAR(16) NOT NULL, 
    scope VARCHAR(400) NOT NULL, 
    first_seen DATETIME NOT NULL, 
    last_seen DATETIME NOT NULL, 
    cleared_at DATETIME, 
    payload JSON NOT NULL, 
    PRIMARY KEY (district_id, finding_id), 
    CONSTRAINT fk_finding_district_id FOREIGN KEY(district_id) REFERENCES district (district_id)
);
CREATE TABLE item (
    district_id VARCHAR(64) NOT NULL, 
    source VARCHAR(100) NOT NULL, 
    item_id VARCHAR(32) NOT NULL, 
    recorded_at DATETIME NOT NULL, 
    file VARCHAR(255) NOT NULL, 
    sha256 VARCHAR(64) NOT NULL, 
    sheet VARCHAR(255) NOT NULL, 
    cell VARCHAR(20) NOT NULL, 
    url TEXT NOT NULL, 
    item TEXT NOT NULL, 
    record VARCHAR(32) NOT NULL, 
    outcome VARCHAR(20) NOT NULL, 
    text_hash VARCHAR(32) NOT NULL, 
    text JSON NOT NULL, 
    PRIMARY KEY (district_id, source, item_id), 
    CONSTRAINT fk_item_district_id FOREIGN KEY(district_id) REFERENCES district (district_id)
);
CREATE TABLE learner (
    district_id VARCHAR(64) NOT NULL, 
    source VARCHAR(100) NOT NULL, 
    learner VARCHAR(32) NOT NULL, 
    recorded_at DATETIME NOT NULL, 
    ended_at DATETIME, 
    hashes JSON NOT NULL, 
    shown JSON, 
    PRIMARY KEY (district_id, source, learner, recorded_at), 
    CONSTRAINT fk_learner_district_id FOREIGN KEY(district_id) REFERENCES district (district_id)
);
CREATE TABLE pull (
    district_id VARCHAR(64) NOT NULL, 
    source VARCHAR(100) NOT NULL, 
    pulled_at DATETIME NOT NULL, 
    outcome VARCHAR(20) NOT NULL, 
    detail TEXT NOT NULL, 
    ledger JSON NOT NULL, 
    cursor TEXT NOT NULL, 
    PRIMARY KEY (district_id, source, pulled_at), 
    CONSTRAINT fk_pull_district_id FOREIGN KEY(district_id) REFERENCES district (district_id)
);
CREATE TABLE release (
    district_id VARCHAR(64) NOT NULL, 
    partner_id VARCHAR(100) NOT NULL, 
    address VARCHAR(254) NOT NULL, 
    released_at DATETIME NOT NULL, 
    released_by VARCHAR(200) NOT NULL, 
    reason TEXT NOT NULL, 
    PRIMARY KEY (district_id, partner_id, address), 
    CONSTRAINT fk_release_district_id FOREIGN KEY(district_id) REFERENCES district (district_id)
);
CREATE TABLE report (
    district_id VARCHAR(64) NOT NULL, 
    report_id VARCHAR(40) NOT NULL, 
    partner_id VARCHAR(100) NOT NULL, 
    as_of DATE NOT NULL, 
    known_at DATETIME NOT NULL, 
    issued_at DATETIME NOT NULL, 
    program VARCHAR(40) NOT NULL, 
    replaces VARCHAR(40), 
    judgement JSON NOT NULL, 
    PRIMARY KEY (district_id, report_id), 
    CONSTRAINT fk_report_district_id FOREIGN KEY(district_id) REFERENCES district (district_id)
);
CREATE TABLE run (
    district_id VARCHAR(64) NOT NULL, 
    run_id INTEGER NOT NULL, 
    command VARCHAR(40) NOT NULL, 
    started_at DATETIME NOT NULL, 
    finished_at DATETIME, 
    exit_code INTEGER, 
    PRIMARY KEY (district_id, run_id), 
    CONSTRAINT fk_run_district_id FOREIGN KEY(district_id) REFERENCES district (district_id)
);
CREATE TABLE completion (
    district_id VARCHAR(64) NOT NULL, 
    source VARCHAR(100) NOT NULL, 
    record VARCHAR(32) NOT NULL, 
    recorded_at DATETIME NOT NULL, 
    ended_at DATETIME, 
    end_reason VARCHAR(20), 
    learner VARCHAR(32) NOT NULL, 
    course TEXT NOT NULL, 
    course_title TEXT NOT NULL, 
    unit TEXT NOT NULL, 
    unit_title TEXT NOT NULL, 
    day DATE, 
    instant DATETIME, 
    zone VARCHAR(64) NOT NULL, 
    status TEXT NOT NULL, 
    claim VARCHAR(60), 
    score VARCHAR(40), 
    attributes JSON NOT NULL, 
    item_id VARCHAR(32) NOT NULL, 
    PRIMARY KEY (district_id, source, record, recorded_at), 
    CONSTRAINT fk_completion_district_id_source_item_id FOREIGN KEY(district_id, source, item_id) REFERENCES item (district_id, source, item_id), 
    CONSTRAINT fk_completion_district_id FOREIGN KEY(district_id) REFERENCES district (district_id)
);
CREATE TABLE delivery (
    district_id VARCHAR(64) NOT NULL, 
    delivery_id VARCHAR(40) NOT NULL, 
    report_id VARCHAR(40), 
    kind VARCHAR(10) NOT NULL, 
    partner_id VARCHAR(100) NOT NULL, 
    sender VARCHAR(200) NOT NULL, 
    message_id VARCHAR(255) NOT NULL, 
    subject TEXT NOT NULL, 
    body BLOB NOT NULL, 
    state VARCHAR(10) NOT NULL, 
    created_at DATETIME NOT NULL, 
    changed_at DATETIME NOT NULL, 
    tries INTEGER NOT NULL, 
    next_try_at DATETIME, 
    detail TEXT NOT NULL, 
    PRIMARY KEY (district_id, delivery_id), 
    CONSTRAINT fk_delivery_district_id_report_id FOREIGN KEY(district_id, report_id) REFERENCES report (district_id, report_id), 
    CONSTRAINT fk_delivery_district_id FOREIGN KEY(district_id) REFERENCES district (district_id)
);
CREATE TABLE recipient (
    district_id VARCHAR(64) NOT NULL, 
    delivery_id VARCHAR(40) NOT NULL, 
    address VARCHAR(254) NOT NULL, 
    state VARCHAR(10) NOT NULL, 
    detail TEXT NOT NULL, 
    PRIMARY KEY (district_id, delivery_id, address), 
    CONSTRAINT fk_recipient_district_id_delivery_id FOREIGN KEY(district_id, delivery_id) REFERENCES delivery (district_id, delivery_id), 
    CONSTRAINT fk_recipient_district_id FOREIGN KEY(district_id) REFERENCES district (district_id)
);
CREATE TABLE audit (
    district_id VARCHAR(64) NOT NULL, 
    number INTEGER NOT NULL, 
    at DATETIME NOT NULL, 
    kind VARCHAR(20) NOT NULL, 
    payload JSON NOT NULL, 
    payload_hash VARCHAR(64) NOT NULL, 
    previous VARCHAR(64) NOT NULL, 
    hash VARCHAR(64) NOT NULL, 
    PRIMARY KEY (district_id, number), 
    CONSTRAINT fk_audit_district_id FOREIGN KEY(district_id) REFERENCES district (district_id)
);
CREATE TABLE issued (
    district_id VARCHAR(64) NOT NULL, 
    number VARCHAR(40) NOT NULL, 
    kind VARCHAR(20) NOT NULL, 
    agreement_id VARCHAR(100) NOT NULL, 
    partner_id VARCHAR(100) NOT NULL, 
    as_of DATE NOT NULL, 
    known_at DATETIME NOT NULL, 
    issued_at DATETIME NOT NULL, 
    issued_by VARCHAR(200) NOT NULL, 
    program VARCHAR(40) NOT NULL, 
    law VARCHAR(100) NOT NULL, 
    map_version VARCHAR(20) NOT NULL, 
    code VARCHAR(40) NOT NULL, 
    sha256 VARCHAR(64) NOT NULL, 
    content BLOB NOT NULL, 
    judgement JSON NOT NULL, 
    withdrawn_at DATETIME, 
    withdrawn_by VARCHAR(200), 
    withdrawn_because TEXT, 
    PRIMARY KEY (district_id, number), 
    CONSTRAINT fk_issued_district_id FOREIGN KEY(district_id) REFERENCES district (district_id)
);
CREATE INDEX ix_completion_live ON completion (district_id, source, ended_at);
INSERT INTO "alembic_version" (version_num) VALUES('0002');
INSERT INTO "district" (district_id,key_check,created_at) VALUES('fernwick','4096fd10e6f3c9281ce733fb765fd909','2026-11-23 10:10:00.000000');
INSERT INTO "fact" (district_id,kind,key,recorded_at,ended_at,payload) VALUES('fernwick','partner','acso','2026-11-23 10:10:00.001000',NULL,'{"partner_id": "acso", "name": "Alder County Sheriff''s Office", "kind": "law enforcement", "report_to": ["schools@alder-sheriff.example.org"], "copy_to": ["undersheriff@alder-sheriff.example.org"], "cadence": "monthly"}');
INSERT INTO "fact" (district_id,kind,key,recorded_at,ended_at,payload) VALUES('fernwick','partner','fpd','2026-11-23 10:10:00.001000',NULL,'{"partner_id": "fpd", "name": "Fernwick Police Department", "kind": "law enforcement", "report_to": ["chief@fernwick-pd.example.org", "training@fernwick-pd.example.org"], "copy_to": [], "cadence": "weekly"}');
INSERT INTO "fact" (district_id,kind,key,recorded_at,ended_at,payload) VALUES('fernwick','partner','fsd','2026-11-23 10:10:00.001000',NULL,'{"partner_id": "fsd", "name": "Fernwick School District", "kind": "district", "report_to": ["hr@fernwick.example.org"], "copy_to": [], "cadence": "on change"}');
INSERT INTO "fact" (district_id,kind,key,recorded_at,ended_at,payload) VALUES('fernwick','partner','nps','2026-11-23 10:10:00.001000',NULL,'{"partner_id": "nps", "name": "Northpass Guard Services LLC", "kind": "security company", "report_to": ["compliance@northpass.example.com"], "copy_to": [], "cadence": "weekly"}');
INSERT INTO "fact" (district_id,kind,key,recorded_at,ended_at,payload) VALUES('fernwick','agreement','ACSO-2026','2026-11-23 10:10:00.001000',NULL,'{"agreement_id": "ACSO-2026", "partner_id": "acso", "school_year": "2026-27", "starts": "2026-09-01", "ends": "2027-08-31", "review_due": "2027-06-01", "adopted_on": "2026-08-20"}');
INSERT INTO "fact" (district_id,kind,key,recorded_at,ended_at,payload) VALUES('fernwick','agreement','FPD-2026','2026-11-23 10:10:00.001000',NULL,'{"agreement_id": "FPD-2026", "partner_id": "fpd", "school_year": "2026-27", "starts": "2026-09-01", "ends": "2027-08-31", "review_due": "2027-06-01", "adopted_on": "2026-08-20"}');
INSERT INTO "fact" (district_id,kind,key,recorded_at,ended_at,payload) VALUES('fernwick','agreement','NPS-2026','2026-11-23 10:10:00.001000',NULL,'{"agreement_id": "NPS-2026", "partner_id": "nps", "school_year": "2026-27", "starts": "2026-09-01", "ends": "2027-08-31", "review_due": "2027-06-01", "adopted_on": "2026-08-20"}');
INSERT INTO "fact" (district_id,kind,key,recorded_at,ended_at,payload) VALUES('fernwick','person','00406','2026-11-23 10:10:00.001000',NULL,'{"person_id": "00406", "last_name": "Fontaine", "first_name": "Grace", "preferred_name": "", "emails": ["fontaine.00406@fernwick.example.org"], "staff_class": "other", "class_decided_by": "Robin Ames, HR", "class_decided_on": "2026-08-24", "first_day": "2018-09-05", "clock": {"starts": "2026-01-05", "decided_by": "Robin Ames, HR", "decided_on": "2026-01-20", "citing": "Minutes of the training committee, 20 January 2026"}, "other_ids": []}');
INSERT INTO "fact" (district_id,kind,key,recorded_at,ended_at,payload) VALUES('fernwick','person','00205','2026-11-23 10:10:00.001000',NULL,'{"person_id": "00205", "last_name": "Ypma", "first_name": "Bram", "preferred_name": "", "emails": ["ypma.00205@alder-sheriff.example.org"], "staff_class": null, "class_decided_by": "", "class_decided_on": null, "first_day": "2026-02-02", "clock": null, "other_ids": []}');
INSERT INTO "fact" (district_id,kind,key,recorded_at,ended_at,payload) VALUES('fernwick','person','00101','2026-11-23 10:10:00.001000',NULL,'{"person_id": "00101", "last_name": "Abernathy", "first_name": "Lucille", "preferred_name": "Lu", "emails": ["abernathy.00101@fernwick-pd.example.org"], "staff_class": "SRO", "class_decided_by": "Robin Ames, HR", "class_decided_on": "2026-08-24", "first_day": "2025-09-03", "clock": null, "other_ids": []}');
INSERT INTO "fact" (district_id,kind,key,recorded_at,ended_at,payload) VALUES('fernwick','assignment','00406fsd2026-09-01Campus security officer','2026-11-23 10:10:00.001000',NULL,'{"person_id": "00406", "partner_id": "fsd", "agreement_id": null, "starts": "2026-09-01", "ends": null, "position": "Campus security officer", "buildings": [["Alder MS", "3"], ["Birch ES", "2"]], "series": "required", "decided_by": "Robin Ames, HR", "decided_on": "2026-08-25"}');
INSERT INTO "fact" (district_id,kind,key,recorded_at,ended_at,payload) VALUES('fernwick','assignment','00101fpdFPD-20262026-09-01School resource officer','2026-11-23 10:10:00.001000',NULL,'{"person_id": "00101", "partner_id": "fpd", "agreement_id": "FPD-2026", "starts": "2026-09-01", "ends": null, "position": "School resource officer", "buildings": [["Alder MS", "3"], ["Birch ES", "2"]], "series": "required", "decided_by": "Robin Ames, HR", "decided_on": "2026-08-25"}');
INSERT INTO "fact" (district_id,kind,key,recorded_at,ended_at,payload) VALUES('fernwick','assignment','00205npsNPS-20262026-09-01School guard','2026-11-23 10:10:00.001000',NULL,'{"person_id": "00205", "partner_id": "nps", "agreement_id": "NPS-2026", "starts": "2026-09-01", "ends": "2026-09-30", "position": "School guard", "buildings": [["Fernwick HS", "5"]], "series": "required", "decided_by": "Robin Ames, HR", "decided_on": "2026-08-25"}');
INSERT INTO "fact" (district_id,kind,key,recorded_at,ended_at,payload) VALUES('fernwick','course','*Every Student: Disability and Culture','2026-11-23 10:10:00.001000',NULL,'{"source": "*", "course": "Every Student: Disability and Culture", "unit": "", "title": "", "topics": [5, 6], "on_the_job_days": 0, "check_ins": 0, "counts_from": null, "counts_until": null, "minimum_score": null, "decided_by": "Jo Whitlock, training", "decided_on": "2026-10-09", "note": "Agenda of 1 October.", "provider": "Canyon ESD", "hours": "4", "fee": "45", "link": "https://esd.example.org/register", "cell": "Courses!B80"}');
INSERT INTO "fact" (district_id,kind,key,recorded_at,ended_at,payload) VALUES('fernwick','course','moodleSSO-RESTRAINT-262026-09-01','2026-11-25 10:10:00.003000',NULL,'{"source": "moodle", "course": "SSO-RESTRAINT-26", "unit": "", "title": "Restraint and Isolation (refreshed)", "topics": [11], "on_the_job_days": 0, "check_ins": 0, "counts_from": "2026-09-01", "counts_until": null, "minimum_score": null, "decided_by": "Jo Whitlock, training", "decided_on": "2026-11-23", "note": "The ESD''s refreshed module.", "provider": "Canyon ESD", "hours": "1", "fee": "0", "link": "https://esd.example.org/register", "cell": "Courses!B85"}');
INSERT INTO "fact" (district_id,kind,key,recorded_at,ended_at,payload) VALUES('fernwick','course','*Alternatives to Arrest: Community Resources in Pierce County','2026-11-23 10:10:00.001000',NULL,'{"source": "*", "course": "Alternatives to Arrest: Community Resources in Pierce County", "unit": "", "title": "", "topics": [], "on_the_job_days": 0, "check_ins": 0, "counts_from": null, "counts_until": null, "minimum_score": null, "decided_by": "", "decided_on": null, "note": "A likely spelling. Suggested: 9.", "provider": "Puget Sound ESD (pdEnroller)", "hours": null, "fee": null, "link": "", "cell": "Courses!B32"}');
INSERT INTO "fact" (district_id,kind,key,recorded_at,ended_at,payload) VALUES('fernwick','offering','0b4c9eba','2026-11-25 10:10:00.003000',NULL,'{"offering_id": "0b4c9eba", "course": "SSO-RESTRAINT-26", "unit": "", "starts": null, "ends": null, "place": "Online", "seats": "", "link": "", "cell": "Offerings!A15"}');
INSERT INTO "fact" (district_id,kind,key,recorded_at,ended_at,payload) VALUES('fernwick','offering','15c2c696','2026-11-23 10:10:00.001000',NULL,'{"offering_id": "15c2c696", "course": "Every Student: Disability and Culture", "unit": "", "starts": "2026-12-09", "ends": "2026-12-09", "place": "Canyon ESD, Room A", "seats": "18", "link": "", "cell": "Offerings!A8"}');
INSERT INTO "fact" (district_id,kind,key,recorded_at,ended_at,payload) VALUES('fernwick','map version','map','2026-11-23 10:10:00.001000','2026-11-25 10:10:00.003000','{"version": "36271da5b0"}');
INSERT INTO "fact" (district_id,kind,key,recorded_at,ended_at,payload) VALUES('fernwick','map version','map','2026-11-25 10:10:00.003000',NULL,'{"version": "7cd84c59fc"}');
INSERT INTO "fact" (district_id,kind,key,recorded_at,ended_at,payload) VALUES('fernwick','settings','settings','2026-11-23 10:10:00.001000',NULL,'{"district": "Fernwick School District", "contact": "Fernwick School District, Human Resources, hr@fernwick.example.org, 555-0142", "zone": "America/Los_Angeles", "due_soon_days": 60}');
INSERT INTO "fact" (district_id,kind,key,recorded_at,ended_at,payload) VALUES('fernwick','version','layout acadis','2026-11-23 10:10:00.001000',NULL,'{"version": "b2eff2d7ab6fae5e758e451f7d81a261b92c00210dd719116adac43e18abc55a"}');
INSERT INTO "fact" (district_id,kind,key,recorded_at,ended_at,payload) VALUES('fernwick','version','layout canvas-gradebook','2026-11-23 10:10:00.001000',NULL,'{"version": "785e01342ccc47156f806c65483077ada1137eed4a6a108be9619bc385eb7d2f"}');
INSERT INTO "run" (district_id,run_id,command,started_at,finished_at,exit_code) VALUES('fernwick',1,'nightly','2026-11-23 10:10:00.001000','2026-11-23 10:10:00.013000',1);
INSERT INTO "run" (district_id,run_id,command,started_at,finished_at,exit_code) VALUES('fernwick',2,'nightly','2026-11-24 10:10:00.001000','2026-11-24 10:10:00.013000',0);
INSERT INTO "run" (district_id,run_id,command,started_at,finished_at,exit_code) VALUES('fernwick',3,'nightly','2026-11-25 10:10:00.003000','2026-11-25 10:10:00.018000',0);
INSERT INTO "pull" (district_id,source,pulled_at,outcome,detail,ledger,cursor) VALUES('fernwick','moodle','2026-11-23 10:10:00.002000','stored','','{"course-participants.csv": {"skipped": 14, "added": 225, "not a completion": 12, "superseded": 1}}','');
INSERT INTO "pull" (district_id,source,pulled_at,outcome,detail,ledger,cursor) VALUES('fernwick','canvas','2026-11-23 10:10:00.002000','stored','','{"course 4711": {"skipped": 28, "not a completion": 183, "added": 42}}','{"version":1,"trusted":6,"classes":{"4711":{"modules":{"100":{"name":"Welcome, and how this class works","requirements":0},"101":{"name":"Constitutional & Civil Rights of Children in School","requirements":2}},"students":{"f93b8d4ddd350844":{"done":2,"of":16,"completed_at":"","units":{"100":"completed","101":"unlocked"}},"75ed4e14df770f4b":{"done":16,"of":16,"completed_at":"2026-11-06T04:15:03Z","units":{"100":"completed","101":"2026-11-06T04:15:03Z"}}}}}}');
INSERT INTO "file" (district_id,source,fingerprint,name,sha256,first_read_at,gone_at,ledger,records,spoken) VALUES('fernwick','canvas','cf091d87e37fc92512ab74f0762a4ee654a7a05684301a89356b1848e6abd4c9','course 4711','1996e5fdba8bf55fe16b01ae0a8cc76f67a2ff9a175008aba216a20c965f397d','2026-11-23 10:10:00.002000',NULL,'{"skipped": 28, "not a completion": 183, "added": 42}','["015cf17612ef50fe53c760ef0f975ec8", "045b79167a68b8312ce1e77bce54646d"]','["010dd5d5af60264f8f9af66353222d73", "015cf17612ef50fe53c760ef0f975ec8", "045b79167a68b8312ce1e77bce54646d"]');
INSERT INTO "item" (district_id,source,item_id,recorded_at,file,sha256,sheet,cell,url,item,record,outcome,text_hash,text) VALUES('fernwick','vector','419c95abcc44895c2c11086312340e6a','2026-11-23 10:10:00.002000','completions-2026-11-20.xlsx','fa62bab5bf18c13ec3a95573755f698a68cb158e350a9545a72dfa4b406e098e','Completions','A144','','','70a9fa3d0c0261662859c0bd3344b724','added','179ca159a7ab41370d102339dfe6b8e2','[["Employee ID", "00410"], ["Last Name", "Jefferson"], ["First Name", "Amos"], ["Email", "jefferson.00410@fernwick.example.org"], ["Location", "Fernwick School District"], ["Course", "Student Rights and Searches"], ["Status", "Exempt"]]');
INSERT INTO "item" (district_id,source,item_id,recorded_at,file,sha256,sheet,cell,url,item,record,outcome,text_hash,text) VALUES('fernwick','district-log','45ae9e7dc0da50a083890840a2364d70','2026-11-23 10:10:00.002000','on-the-job-2026.ods','85e2c017c6658a698ec3cf5920afed3e808a487185d2e490cd19301e9c633b3c','Log','A4','','','5d30305a83434171a407ac6bf5e25f50','added','3b3e7c960249523a3847c93faeb9761d','[["Date", "2025-10-06"], ["Officer", "Adeyemi, Folake"], ["Person ID", "00301"], ["Agency", "Northpass Guard Services LLC"], ["Activity", "On-the-job day"], ["Experienced officer", "Moreau, Cyril"], ["Host school", "Alder Middle School"], ["Hours", "7.5"], ["Signature", "RD"]]');
INSERT INTO "item" (district_id,source,item_id,recorded_at,file,sha256,sheet,cell,url,item,record,outcome,text_hash,text) VALUES('fernwick','canvas','3fb12d409c6b3f78da8bdf60d06ea6c7','2026-11-23 10:10:00.002000','','','','','http://127.0.0.1:46231/courses/4711','module 107, learner f93b8d4ddd350844','1a72d17ccc203c5c8507839f2c95304a','added','2a23d9e3b7c9d471728a6fd3e4609f7a','[["Canvas user", "900"], ["Name", "Whitfield-Nakamura, Dana"], ["SIS user ID", "ESD-900"], ["Login", "whitfieldnakamura.00104@fernwick-pd.example.org"], ["E-mail", "whitfieldnakamura.00104@fernwick-pd.example.org"], ["Course", "HB 1214 Online Training - ESD 105"], ["Module ID", "107"], ["Module", "FERPA (Family Educational Rights and Privacy Act)"], ["State", "2026-11-03T04:15:00Z"]]');
INSERT INTO "completion" (district_id,source,record,recorded_at,ended_at,end_reason,learner,course,course_title,unit,unit_title,day,instant,zone,status,claim,score,attributes,item_id) VALUES('fernwick','vector','70a9fa3d0c0261662859c0bd3344b724','2026-11-23 10:10:00.002000',NULL,NULL,'ff51c6948a3d31cb0acba1633314360d','Student Rights and Searches','Student Rights and Searches','','',NULL,NULL,'','Exempt','waiver',NULL,'{}','419c95abcc44895c2c11086312340e6a');
INSERT INTO "completion" (district_id,source,record,recorded_at,ended_at,end_reason,learner,course,course_title,unit,unit_title,day,instant,zone,status,claim,score,attributes,item_id) VALUES('fernwick','district-log','5d30305a83434171a407ac6bf5e25f50','2026-11-23 10:10:00.002000',NULL,NULL,'488012a6e7ee68437169ac2c86f82db6','On-the-job day','On-the-job day','','','2025-10-06',NULL,'','',NULL,NULL,'{"experienced_officer": "Moreau, Cyril", "host_school": "Alder Middle School", "hours": "7.5"}','45ae9e7dc0da50a083890840a2364d70');
INSERT INTO "completion" (district_id,source,record,recorded_at,ended_at,end_reason,learner,course,course_title,unit,unit_title,day,instant,zone,status,claim,score,attributes,item_id) VALUES('fernwick','canvas','1a72d17ccc203c5c8507839f2c95304a','2026-11-23 10:10:00.002000',NULL,NULL,'02b42a6a403d533061bf67f42a0e8c24','4711','HB 1214 Online Training - ESD 105','107','FERPA (Family Educational Rights and Privacy Act)','2026-11-02','2026-11-03 04:15:00.000000','UTC','completed',NULL,NULL,'{}','3fb12d409c6b3f78da8bdf60d06ea6c7');
INSERT INTO "learner" (district_id,source,learner,recorded_at,ended_at,hashes,shown) VALUES('fernwick','vector','ff51c6948a3d31cb0acba1633314360d','2026-11-23 10:10:00.002000',NULL,'{"person_ids": ["ddc270a62d66869e7a78cb2e9729797a"], "emails": ["13f0fb4889a4f033cf56087170ef5e6c"], "name": "5cfba4a1ca41d58239f87262c9597056"}','{"key": "00410", "person_id": "00410", "emails": ["jefferson.00410@fernwick.example.org"], "first_name": "Amos", "last_name": "Jefferson", "employer": "Fernwick School District"}');
INSERT INTO "learner" (district_id,source,learner,recorded_at,ended_at,hashes,shown) VALUES('fernwick','district-log','488012a6e7ee68437169ac2c86f82db6','2026-11-23 10:10:00.002000',NULL,'{"person_ids": ["428ab3202f35d9ea81d21f9445ec0cee"], "emails": [], "name": "8ce0f3ee158dcff8bef4e6b0401c5bb4"}','{"key": "00301", "person_id": "00301", "emails": [], "first_name": "Folake", "last_name": "Adeyemi", "employer": "Northpass Guard Services LLC"}');
INSERT INTO "learner" (district_id,source,learner,recorded_at,ended_at,hashes,shown) VALUES('fernwick','canvas','02b42a6a403d533061bf67f42a0e8c24','2026-11-23 10:10:00.002000',NULL,'{"person_ids": [], "emails": ["b5208004da0e014d9dc0e450ca1b6143"], "name": "0093773c3628c5bc4f0fd315c80fe92a"}','{"key": "900", "person_id": "", "emails": ["whitfieldnakamura.00104@fernwick-pd.example.org"], "first_name": "Dana", "last_name": "Whitfield-Nakamura", "employer": ""}');
INSERT INTO "learner" (district_id,source,learner,recorded_at,ended_at,hashes,shown) VALUES('fernwick','moodle','6b189e5eb53119326ebe05ebc50a6590','2026-11-23 10:10:00.002000',NULL,'{"person_ids": ["3eb077e0a0c9e40f3b2238094c749ca1"], "emails": ["70efc867049531369bdfe941db9644c3"], "name": "13878927cee08cf31059321c3e7be367"}','null');
INSERT INTO "finding" (district_id,finding_id,scope,first_seen,last_seen,cleared_at,payload) VALUES('fernwick','708dde56','roster','2026-11-23 10:10:00.007000','2026-11-25 10:10:00.012000',NULL,'{"area": "roster", "code": "first-day-missing", "where": "roster.xlsx, People!I12", "found": "the cell is blank", "expected": "the first day on school property with students expected", "remedy": "Find it out and record it: without it nobody can say what is due when.", "people": ["00108"], "source": "", "blocks": false, "handle": "", "weight": 0}');
INSERT INTO "finding" (district_id,finding_id,scope,first_seen,last_seen,cleared_at,payload) VALUES('fernwick','30713cc6','roster','2026-11-23 10:10:00.007000','2026-11-25 10:10:00.012000',NULL,'{"area": "roster", "code": "class-missing", "where": "roster.xlsx, People!F23", "found": "the cell is blank", "expected": "SRO or other, as decided by the district", "remedy": "Decide by RCW 28A.320.124(3) and record who decided it and when.", "people": ["00205"], "source": "", "blocks": false, "handle": "", "weight": 0}');
INSERT INTO "finding" (district_id,finding_id,scope,first_seen,last_seen,cleared_at,payload) VALUES('fernwick','b4360100','file vector completions-2026-11-20.xlsx','2026-11-23 10:10:00.002000','2026-11-23 10:10:00.002000',NULL,'{"area": "file", "code": "column-dropped", "where": "completions-2026-11-20.xlsx, Completions!E", "found": "the column \"SSN\" holds what looks like social security numbers", "expected": "an export without it", "remedy": "It was dropped before anything was kept; ask the sender to leave it out.", "people": [], "source": "vector", "blocks": false, "handle": "", "weight": 0}');
INSERT INTO "report" (district_id,report_id,partner_id,as_of,known_at,issued_at,program,replaces,judgement) VALUES('fernwick','R20261123-d6939457f851','fsd','2026-11-23','2026-11-23 16:10:00.003000','2026-11-23 16:10:00.003000','0.1.0',NULL,'{"id": "fsd", "name": "Fernwick School District", "agreement": null, "people": [{"id": "00405", "name": "Eriksen, Leif", "class": "other", "first_day": "2026-02-02", "state": "overdue", "requirements": [{"id": "on-the-job", "met_by": null, "have": 0, "need": 2, "on": null, "due": "2027-02-02", "late": false, "credits": [], "claims": [{"id": "71946c38", "day": "2026-04-13", "reason": "no host school or experienced officer", "source": "district-log", "record": "795dccd9e5bf0398ee00e5b4ef906c87", "origin": "on-the-job-2026.ods, Log!A103"}], "notes": []}, {"id": "topic-01", "met_by": "credits", "have": 1, "need": 1, "on": "2026-03-16", "due": "2026-08-02", "late": false, "credits": [{"source": "vector", "record": "8f4157aa4f77c6c6b01f806ee9836dc9", "origin": "completions-2026-11-20.xlsx, Completions!A60"}], "claims": [], "notes": []}, {"id": "topic-12", "met_by": null, "have": 0, "need": 1, "on": null, "due": "2026-08-02", "late": true, "credits": [], "claims": [], "notes": []}]}, {"id": "00416", "name": "Pruitt, Zeb", "class": null, "first_day": null, "state": "undetermined", "requirements": [{"id": "topic-04", "met_by": null, "have": 0, "need": 1, "on": null, "due": null, "late": false, "credits": [], "claims": [{"id": "7ad239b5", "day": null, "reason": "no date", "source": "vector", "record": "d9f91058c0c6a60815e83483777cef8c", "origin": "completions-2026-11-20.xlsx, Completions!A149"}], "notes": []}, {"id": "topic-01", "met_by": "credits", "have": 1, "need": 1, "on": "2026-10-19", "due": null, "late": false, "credits": [{"source": "vector", "record": "97ccf7075ecfa406a2b8b7e3bbadf569", "origin": "completions-2026-11-20.xlsx, Completions!A142"}], "claims": [], "notes": []}]}, {"id": "00401", "name": "Anand, Priya", "class": "other", "first_day": "2025-09-03", "state": "complete", "requirements": [{"id": "topic-01", "met_by": "credits", "have": 1, "need": 1, "on": "2025-09-15", "due": "2026-03-03", "late": false, "credits": [{"source": "vector", "record": "1e1dd3d42e3221d20c917c5034c6ebae", "origin": "completions-2026-11-20.xlsx, Completions!A10"}], "claims": [], "notes": []}]}]}');
INSERT INTO "report" (district_id,report_id,partner_id,as_of,known_at,issued_at,program,replaces,judgement) VALUES('fernwick','R20261123-c7acb2ff2359','nps','2026-11-23','2026-11-23 16:10:00.003000','2026-11-23 16:10:00.003000','0.1.0',NULL,'{"id": "nps", "name": "Northpass Guard Services LLC", "agreement": "NPS-2026", "people": [{"id": "00307", "name": "Georgiou, Eleni", "class": "other", "first_day": "2026-02-02", "state": "overdue", "requirements": [{"id": "topic-08", "met_by": "credits", "have": 1, "need": 1, "on": "2026-11-12", "due": "2026-08-02", "late": true, "credits": [{"source": "canvas", "record": "b86cf989934bb56055c385b98b64fde8", "origin": "http://127.0.0.1:46231/courses/4711, module 106, learner 9f108ba4c90c4048"}], "claims": [{"id": "2535879a", "day": null, "reason": "waiver", "source": "northpass", "record": "c715b8143d6867cda4f5fbfa4c98be59", "origin": "training-matrix.xlsx, Guards!L11"}], "notes": []}, {"id": "topic-01", "met_by": "credits", "have": 1, "need": 1, "on": "2026-04-13", "due": "2026-08-02", "late": false, "credits": [{"source": "northpass", "record": "07b3f40983a53fef12dd832c0513832d", "origin": "training-matrix.xlsx, Guards!E11"}], "claims": [], "notes": []}, {"id": "topic-09", "met_by": null, "have": 0, "need": 1, "on": null, "due": "2026-08-02", "late": true, "credits": [], "claims": [], "notes": []}]}, {"id": "00301", "name": "Adeyemi, Folake", "class": "other", "first_day": "2025-09-03", "state": "complete", "requirements": [{"id": "topic-01", "met_by": "credits", "have": 1, "need": 1, "on": "2025-09-29", "due": "2026-03-03", "late": false, "credits": [{"source": "northpass", "record": "89a4c566827be76c4645e22e1a8f33cf", "origin": "training-matrix.xlsx, Guards!E5"}], "claims": [], "notes": []}]}]}');
INSERT INTO "delivery" (district_id,delivery_id,report_id,kind,partner_id,sender,message_id,subject,body,state,created_at,changed_at,tries,next_try_at,detail) VALUES('fernwick','20261123-0c3d11539b0e','R20261123-d6939457f851','partner','fsd','hr@fernwick.example.org','<e7747026746e@fernwick.example.org>','School safety training: 2 overdue, 3 due within 60 days – as of 23 November 2026',X'','sent','2026-11-23 16:10:00.003000','2026-11-23 16:10:00.008000',1,NULL,'');
INSERT INTO "delivery" (district_id,delivery_id,report_id,kind,partner_id,sender,message_id,subject,body,state,created_at,changed_at,tries,next_try_at,detail) VALUES('fernwick','20261123-b7dc9b0a95ec','R20261123-c7acb2ff2359','partner','nps','hr@fernwick.example.org','<59e9b5de8c91@fernwick.example.org>','School safety training: 4 overdue, 3 due within 60 days – as of 23 November 2026',X'','sent','2026-11-23 16:10:00.003000','2026-11-23 16:10:00.014000',1,NULL,'');
INSERT INTO "recipient" (district_id,delivery_id,address,state,detail) VALUES('fernwick','20261123-0c3d11539b0e','hr@fernwick.example.org','accepted','20261123T161000Z-20261123-0c3d11539b0e.eml');
INSERT INTO "recipient" (district_id,delivery_id,address,state,detail) VALUES('fernwick','20261123-b7dc9b0a95ec','compliance@northpass.example.com','accepted','20261123T161000Z-20261123-b7dc9b0a95ec.eml');
INSERT INTO "release" (district_id,partner_id,address,released_at,released_by,reason) VALUES('fernwick','fsd','hr@fernwick.example.org','2026-11-23 16:10:00.001000','demo','addresses checked against the agreements');
INSERT INTO "audit" (district_id,number,at,kind,payload,payload_hash,previous,hash) VALUES('fernwick',1,'2026-11-23 10:10:00.001000','class','{"subject": "00101", "by": "Robin Ames, HR", "reason": "recorded in the roster", "before": null, "after": {"class": "SRO", "by": "Robin Ames, HR", "on": "2026-08-24"}, "nonce": "6eac813b97eafa571e6fa15a5ece7b3f"}','3c759b23b08ff5968735ee4873a37db1162b0e89cc40d882217d3d41cea68f9e','0000000000000000000000000000000000000000000000000000000000000000','12af8a7bb2a83510f5050f97a9e306b1dfca4b629bc1402e95150fb86cf6966d');
INSERT INTO "audit" (district_id,number,at,kind,payload,payload_hash,previous,hash) VALUES('fernwick',60,'2026-11-23 10:10:00.001000','assignment','{"subject": "00101", "by": "Robin Ames, HR", "reason": "recorded in the roster", "before": null, "after": {"partner": "fpd", "starts": "2026-09-01", "series": "required", "by": "Robin Ames, HR", "on": "2026-08-25"}, "nonce": "2637a3d747e778a26ba01bf8ed541709"}','6b9e1653cb4c295df89a216fdcc07d3676a0b45c6da1083374b16115a51e2b3a','c83e9ed060b7017e351663362a3a01c8a753930fcdf62e8ae8f3980e65071b3b','239ce5ba4c1b1460ade5c15a2e32f3a40ff862d57e6d23e37e4d0325aeb41068');
INSERT INTO "audit" (district_id,number,at,kind,payload,payload_hash,previous,hash) VALUES('fernwick',50,'2026-11-23 10:10:00.001000','clock','{"subject": "00406", "by": "Robin Ames, HR", "reason": "recorded in the roster", "before": null, "after": {"starts": "2026-01-05", "by": "Robin Ames, HR", "on": "2026-01-20", "citing": "Minutes of the training committee, 20 January 2026"}, "nonce": "604197c1f4da76afa99ee25817edf7d1"}','b7497c7ce6a49c661d543456449c96af5f591cc33b9af30995f2828d514605aa','05ab8a2e78cc3c939f1a445715ba35255a46d73a3df3ff37db25c3759fda9438','c87206d68049f497b788dabdb570840d7871c48b393ef929e60c813dd1b31f7d');
INSERT INTO "audit" (district_id,number,at,kind,payload,payload_hash,previous,hash) VALUES('fernwick',121,'2026-11-23 10:10:00.001000','map','{"subject": "36271da5b0", "by": "Jo Whitlock, training, lms_sync starter map", "reason": "the mapping workbook was changed", "before": null, "after": {"version": "36271da5b0", "changes": ["added *: S5: School Safety Staff State Summit: topic 1, topic 2, topic 3, topic 4, topic 5, topic 6, topic 7, topic 8, topic 9, topic 10, topic 11, topic 12, topic 13", "added *: HB 1214 Online Training - ESD 105: topic 1, topic 2, topic 3, topic 4, topic 5, topic 6, topic 7, topic 8, topic 9, topic 10, topic 11, topic 12, topic 13", "added *: HB 1214 Online Training - ESD 105 / Constitutional & Civil Rights of Children in School: topic 1", "added *: HB 1214 Online Training - ESD 105 / Child Adolescent Development (Adolescent Brain Development): topic 2", "added *: HB 1214 Online Training - ESD 105 / Trauma Informed Approaches: topic 3", "added *: HB 1214 Online Training - ESD 105 / Recognition and Responding to Youth Mental Health Issues: topic 4", "added *: HB 1214 Online Training - ESD 105 / Bias Free Policing; Cultural Competency; Diversity Training: topic 6", "added *: HB 1214 Online Training - ESD 105 / Collateral Consequences of Arrest, Referral for Prosecution & Court Involvement: topic 8", "added *: HB 1214 Online Training - ESD 105 / FERPA (Family Educational Rights and Privacy Act): topic 12", "added *: HB 1214 Online Training - ESD 105 / Restorative Justice Principles and Practices: topic 13", "added *: HB 1214 SRO/SSO Training (Canvas, 13 modules): topic 1, topic 2, topic 3, topic 4, topic 5, topic 6, topic 7, topic 8, topic 9, topic 10, topic 11, topic 12, topic 13", "added *: HB 1214 SRO/SSO Training (Canvas, 13 modules) / Constitutional & Civil Rights of Children in School: topic 1", "added *: HB 1214 SRO/SSO Training (Canvas, 13 modules) / Child Adolescent Development (Adolescent Brain Development): topic 2", "added *: HB 1214 SRO/SSO Training (Canvas, 13 modules) / Trauma Informed Approaches: topic 3", "added *: HB 1214 SRO/SSO Training (Canvas, 13 modules) / Recognition and Responding to Youth Mental Health Issues: topic 4", "added *: HB 1214 SRO/SSO Training (Canvas, 13 modules) / Bias Free Policing; Cultural Competency; Diversity Training: topic 6", "added *: HB 1214 SRO/SSO Training (Canvas, 13 modules) / Collateral Consequences of Arrest, Referral for Prosecution & Court Involvement: topic 8", "added *: HB 1214 SRO/SSO Training (Canvas, 13 modules) / FERPA (Family Educational Rights and Privacy Act): topic 12", "added *: HB 1214 SRO/SSO Training (Canvas, 13 modules) / Restorative Justice Principles and Practices: topic 13", "added *: Safety Officer Training Modules: topic 1, topic 2, topic 3, topic 4, topic 5, topic 6, topic 7, topic 8, topic 9, topic 10, topic 11, topic 12, topic 13", "added *: School Safety & Security Staff Academy - Day 2 (Topics 6-13)", "added *: School Safety Staff Check-In #3 (virtual)", "added *: RCW 28A.320.124 SRO Training (2019 law)", "added *: HB 1214 \u2013 Unit 8: Disparities in Use of Force & Arrests", "added *: WA Restraint & Isolation Law (RCW 28A.600.485)", "added *: Students w/ Disabilities: Rights, Behavior & Best Practices", "added *: Youth Mental Health: Recognize & Respond (HB1214)", "added *: Alternatives to Arrest: Community Resources in Pierce County", "added *: Constitutional and Civil Rights of Children in Schools incl. Search & Interrogation", "added *: Trauma-Informed Approaches w/ Youth (SRO/SSO)", "added *: On-the-job day", "added *: Check-in", "added *: Constitutional & Civil Rights of Children in School: topic 1", "added *: Child Adolescent Development (Adolescent Brain Development): topic 2", "added *: Trauma Informed Approaches: topic 3", "added *: Recognition and Responding to Youth Mental Health Issues: topic 4", "added *: Bias Free Policing; Cultural Competency; Diversity Training: topic 6", "added *: Collateral Consequences of Arrest, Referral for Prosecution & Court Involvement: topic 8", "added *: FERPA (Family Educational Rights and Privacy Act): topic 12", "added *: Restorative Justice Principles and Practices: topic 13", "added moodle: SSO-RIGHTS: topic 1", "added moodle: SSO-DEVELOPMENT: topic 2", "added moodle: SSO-TRAUMA: topic 3", "added moodle: SSO-MENTAL-HEALTH: topic 4", "added moodle: SSO-DISABILITY: topic 5", "added moodle: SSO-BIAS-FREE: topic 6", "added moodle: SSO-DISPARITIES: topic 7", "added moodle: SSO-CONSEQUENCES: topic 8", "added moodle: SSO-ALTERNATIVES: topic 9", "added moodle: SSO-DE-ESCALATION: topic 10", "added moodle: SSO-RESTRAINT: topic 11", "added moodle: SSO-RECORDS: topic 12", "added moodle: SSO-RESTORATIVE: topic 13", "added moodle: SSO-SUMMIT-2026: topic 1, topic 2, topic 3, topic 4, topic 5, topic 6, topic 7, topic 8, topic 9, topic 10, topic 11, topic 12, topic 13", "added vector: Student Rights and Searches: topic 1", "added vector: Youth Development: Stages of Adolescence: topic 2", "added vector: Trauma-Informed Practices: School Staff: topic 3", "added vector: Youth Mental Health: Recognize and Respond: topic 4", "added vector: Special Education: Introduction: topic 5", "added vector: Supporting LGBTQ+ Students: topic 6", "added vector: Disparities in Discipline and Arrest: topic 7", "added vector: What an Arrest Means for a Student: topic 8", "added vector: Pathways Away from Court: topic 9", "added vector: De-Escalation Strategies (Full Course): topic 4, topic 10", "added vector: Restraint and Isolation: Washington Law: topic 11", "added vector: HIPAA and FERPA: What School Staff Need to Know: topic 12", "added vector: Restorative Practices: An Introduction: topic 13", "added vector: Bloodborne Pathogen Exposure Prevention (Full Course)", "added northpass: Disability and Behavior: topic 5", "added northpass: Disparities in Force: topic 7", "added northpass: Alternatives to Arrest: topic 9", "added northpass: De-escalation with Youth: topic 10", "added northpass: Restraint and Isolation: topic 11", "added *: Rights and Consequences Day: topic 1, topic 7, topic 8, topic 9", "added *: Growing Up: Two Evenings on Youth: topic 2, topic 3, topic 4", "added *: Every Student: Disability and Culture: topic 5, topic 6", "added *: Calm First: De-escalation Workshop: topic 10", "added *: Repair: Restorative Practice and Records: topic 12, topic 13", "added *: Topics 1 to 4 Online: topic 1, topic 2, topic 3, topic 4", "added *: Winter Academy for School Safety Staff: topic 1, topic 2, topic 3, topic 4, topic 5, topic 6, topic 7, topic 8, topic 9, topic 10, topic 12, topic 13", "added offering of Rights and Consequences Day, 2026-12-02", "added offering of Rights and Consequences Day, 2027-02-10", "added offering of Growing Up: Two Evenings on Youth, 2026-12-08", "added offering of Every Student: Disability and Culture, 2026-12-09", "added offering of Every Student: Disability and Culture, 2027-01-27", "added offering of Calm First: De-escalation Workshop, 2026-12-05", "added offering of Repair: Restorative Practice and Records, any day", "added offering of Topics 1 to 4 Online, any day", "added offering of Winter Academy for School Safety Staff, 2027-02-16", "added offering of Growing Up: Two Evenings on Youth, 2026-11-04"]}, "nonce": "a4086f6eea701b26da93a941a269fb2e"}','93997ac49b91092893aa91ea1335c0132b9850c8bf758b048a36d8e3c733367e','58d46ef93ecdda726409782a2f09641f409d8fe7627f5a50bb72551002640657','ade3e7ea9634b7b525bfce55fc8b6d790206cff3fa104f89d023c161d70781f8');
INSERT INTO "audit" (district_id,number,at,kind,payload,payload_hash,previous,hash) VALUES('fernwick',122,'2026-11-23 16:10:00.001000','release','{"subject": "fsd", "by": "demo", "reason": "addresses checked against the agreements", "before": null, "after": {"addresses": ["hr@fernwick.example.org"]}, "nonce": "73c9ecc20486dade086c57c03f5d737e"}','43d29cc84f53db4201ea382fdcc0418032cde94a4b938c90e90101d2073a3ab8','ade3e7ea9634b7b525bfce55fc8b6d790206cff3fa104f89d023c161d70781f8','c669d30f3c8c763ec695daf28a3b60bfad9b7fbe25e1d38d112d3149d63fb415');
