package blackhole.orchestrator.config;

/** What a record in a log file looks like. */
public enum LogFormat {
  TEXT,
  JSON
}
