package blackhole.orchestrator.control;

import blackhole.control.v1.Hello;

/** What either side may announce that it knows, beyond the protocol's version. */
final class Features {
  /** A host: it keeps a copy of the registry. An orchestrator: it has one. */
  static final String REGISTRY = "registry";

  /** A host: it answers what became of the calls it made. */
  static final String CALL_REPORT = "call-report";

  /** A host: it can send samples of its JVM. An orchestrator: it wants them. */
  static final String SAMPLES = "samples";

  /** A host: it collects garbage when it is asked to. */
  static final String COLLECT_GARBAGE = "collect-garbage";

  /** A host: it has no service yet, and takes one. */
  static final String SPARE = "spare";

  /** A host: it puts another version of its service's bundle in the place of the one it has. */
  static final String UPDATE = "update";

  /** A host: it answers what it has counted. */
  static final String METRICS = "metrics";

  /** A host: it can send spans. An orchestrator: it wants them, as Welcome says. */
  static final String SPANS = "spans";

  private Features() {}

  static boolean has(Hello hello, String feature) {
    return hello.getFeaturesList().contains(feature);
  }
}
