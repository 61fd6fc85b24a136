package blackhole.orchestrator.node;

import blackhole.api.process.LimitState.Kind;
import blackhole.orchestrator.config.ResourceLimits;
import blackhole.orchestrator.config.ResourcePolicy;
import java.util.EnumMap;
import java.util.Map;

/** What is limited of an instance, as an operator wrote it, or would have. */
final class LimitValues {
  /** A key of the configuration, and its value. */
  record Written(String key, String value) {}

  private LimitValues() {}

  static String key(Kind kind) {
    return switch (kind) {
      case MEMORY -> "max_memory";
      case SOFT_MEMORY -> "max_memory_buffer";
      case CPU_QUOTA -> "max_cpu";
      case CPU_WEIGHT -> "cpu_priority_boost";
      case IO_LEVEL -> "io_priority";
      case OPEN_FILES -> "max_file_desc";
      case THREADS -> "max_threads";
    };
  }

  /** In the order of the documentation; what is not limited is left out. */
  static Map<Kind, Written> of(ResourceLimits limits, ResourcePolicy policy) {
    Map<String, String> shown = EffectiveLimits.of(limits);
    Map<Kind, Written> values = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      String value =
          switch (kind) {
            case SOFT_MEMORY -> percent(policy.maxMemoryBuffer());
            case CPU_WEIGHT -> Integer.toString(policy.cpuPriorityBoost());
            default -> shown.get(key(kind));
          };
      if (value != null) {
        values.put(kind, new Written(key(kind), value));
      }
    }
    return values;
  }

  private static String percent(double fraction) {
    double percent = Math.round(fraction * 10_000) / 100.0;
    return (percent == Math.rint(percent) ? Long.toString((long) percent) : "" + percent) + "%";
  }
}
