package blackhole.orchestrator.spare;

import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.ServiceConfig;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * What a process is started with and keeps: a spare fits the services whose profile is its own.
 *
 * @param jvmFlags without those of the class-data archive
 * @param openFiles file descriptors that it may have
 * @param threadsLimited whether it is born in a group that can limit threads
 */
public record SpareProfile(List<String> jvmFlags, OptionalInt openFiles, boolean threadsLimited) {
  public SpareProfile {
    jvmFlags = List.copyOf(jvmFlags);
  }

  public static SpareProfile of(ServiceConfig service, List<String> jvmFlags) {
    return new SpareProfile(
        jvmFlags, service.limits().maxFileDescriptors(), service.limits().maxThreads().isPresent());
  }

  /**
   * A service that stands for the profile which most instances share; of equal ones, for that which
   * the service with the highest priority has. Empty when no service is enabled.
   *
   * @param jvmFlags of a service
   */
  public static Optional<ServiceConfig> mostShared(
      NodeConfig config, Function<ServiceConfig, List<String>> jvmFlags) {
    Map<SpareProfile, Integer> instances = new LinkedHashMap<>();
    Map<SpareProfile, ServiceConfig> first = new LinkedHashMap<>();
    // the sort is stable: among equals, the order of the file
    List<ServiceConfig> byPriority =
        config.enabledServices().stream()
            .sorted(Comparator.comparingInt(service -> -priority(config, service)))
            .toList();
    for (ServiceConfig service : byPriority) {
      SpareProfile profile = of(service, jvmFlags.apply(service));
      instances.merge(profile, service.instances(), Integer::sum);
      first.putIfAbsent(profile, service);
    }
    return instances.entrySet().stream()
        // keeps the first of equal ones
        .reduce((best, next) -> next.getValue() > best.getValue() ? next : best)
        .map(best -> first.get(best.getKey()));
  }

  private static int priority(NodeConfig config, ServiceConfig service) {
    return config.policyOf(service.name()).cpuPriorityBoost();
  }

  /** Why a spare of this profile is none for a service of another, in words; empty when it is. */
  Optional<String> misfit(SpareProfile wanted) {
    if (!jvmFlags.equals(wanted.jvmFlags())) {
      return Optional.of("spares have other JVM flags: " + difference(jvmFlags, wanted.jvmFlags()));
    }
    if (!openFiles.equals(wanted.openFiles())) {
      return Optional.of("spares have another max_file_desc");
    }
    if (threadsLimited != wanted.threadsLimited()) {
      return Optional.of(
          threadsLimited ? "spares have a max_threads" : "spares cannot get a first max_threads");
    }
    return Optional.empty();
  }

  /** The first flag in which they differ: a heap's size, as a rule. */
  private static String difference(List<String> spare, List<String> wanted) {
    return spare.stream()
        .filter(flag -> !wanted.contains(flag))
        .findFirst()
        .orElse("fewer than the service's");
  }
}
