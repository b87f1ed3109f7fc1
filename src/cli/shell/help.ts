/** What HELP prints. */
export const HELP = `Statements are those of Flink SQL. One may have several lines; it ends with a
semicolon.

  SELECT ...;                   shows rows as they change; q or Ctrl-C stops the
                                query, arrows scroll
  INSERT INTO t SELECT ...;     starts a job that goes on while you type
  SHOW JOBS; STOP JOB 'id';     lists the jobs; stops one
  SHOW TABLES; DESCRIBE t;      what there is
  SET; SET 'key' = 'value';     settings: what is set, and setting one; RESET
                                puts it back
  SET 'sql-client.execution.result-mode' = 'table' | 'changelog' | 'tableau';
                                the table that changes build, the changes, or
                                rows one below the other
  SET 'table.dml-sync' = 'true';  waits for every INSERT
  SOURCE file.sql               carries out the statements of a file
  CLEAR, HELP (or .help), QUIT  also EXIT or Ctrl-D

  Tab completes; arrows up and down fetch statements back; Ctrl-C drops what was
  typed. What begins with a blank, and what may hold a password, stays out of
  the history.`;
