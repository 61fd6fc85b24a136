package blackhole.orchestrator.config.schema;

/** A key or a section: what may stand at one place. */
public sealed interface Element permits Key, Section {
  /** Dotted, with {@code *} where users give names. */
  String path();
}
