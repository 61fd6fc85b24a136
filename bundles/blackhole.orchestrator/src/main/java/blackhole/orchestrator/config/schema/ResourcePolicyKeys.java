package blackhole.orchestrator.config.schema;

import blackhole.orchestrator.config.ResourcePolicy;
import java.util.List;
import java.util.Map;

/**
 * {@code resource_policies:}, classes of services. Three are known and have defaults of their own;
 * a class of any other name starts out as the standard one.
 */
public final class ResourcePolicyKeys {
  public static final String SECTION = "supervisor.resource_policies";

  private static final String CRITICAL = "critical_services";
  private static final String CORE = "core_services";

  public static final NameRule NAMES =
      new NameRule(
          "[a-z][a-z0-9_-]{0,62}",
          "a name of lower-case letters, digits, underscores and hyphens (at most 63)",
          List.of(CRITICAL, CORE, ResourcePolicy.STANDARD));

  public static final Key<List<String>> MEMBERS =
      Key.of(
              "supervisor.resource_policies.*.members",
              Types.SERVICE_NAMES,
              "[]",
              "no service; of the three known classes those listed here that are configured."
                  + " A service in no class is standard")
          .butFor(
              Map.of(
                  CRITICAL,
                  "[identity, ledger]",
                  CORE,
                  "[storage, indexer]",
                  ResourcePolicy.STANDARD,
                  "[analytics, telemetry]"));

  public static final Key<Double> MAX_MEMORY_BUFFER =
      Key.of(
              "supervisor.resource_policies.*.max_memory_buffer",
              Types.FRACTION,
              "5%",
              "the soft memory limit is this much below `max_memory`")
          .butFor(Map.of(CRITICAL, "20%", CORE, "10%"));

  public static final Key<Integer> CPU_PRIORITY_BOOST =
      Key.of(
              "supervisor.resource_policies.*.cpu_priority_boost",
              new IntegerType(-9, 990),
              "0",
              "CPU weight 100; each step is 10")
          .butFor(Map.of(CRITICAL, "10", CORE, "5"));

  public static final Key<Double> MEMORY_THRESHOLD =
      Key.withoutDefault(
              "supervisor.resource_policies.*.memory_threshold",
              Types.THRESHOLD,
              "no alert on memory")
          .butFor(Map.of(CRITICAL, "90%"));

  public static final Key<Double> CPU_THRESHOLD =
      Key.withoutDefault(
              "supervisor.resource_policies.*.cpu_threshold", Types.THRESHOLD, "no alert on CPU")
          .butFor(Map.of(CRITICAL, "90%"));

  static final List<Key<?>> ALL =
      List.of(MEMBERS, MAX_MEMORY_BUFFER, CPU_PRIORITY_BOOST, MEMORY_THRESHOLD, CPU_THRESHOLD);

  private ResourcePolicyKeys() {}
}
