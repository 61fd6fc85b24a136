package blackhole.orchestrator.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToIntFunction;

/**
 * What this machine's memory bears: the sum of the limits of all that runs, no more, since each may
 * use its limit up.
 *
 * @param bytes empty where it is not known, which bears anything
 */
public record MachineMemory(OptionalLong bytes) {
  public static final MachineMemory UNKNOWN = new MachineMemory(OptionalLong.empty());

  private static final Path SOURCE = Path.of("/proc/meminfo");
  private static final long MB = 1L << 20;

  /** Of this machine. */
  public static MachineMemory read() {
    if (!Files.isReadable(SOURCE)) {
      return UNKNOWN;
    }
    try {
      return new MachineMemory(
          Files.readAllLines(SOURCE).stream()
              .filter(line -> line.startsWith("MemTotal:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
              .findFirst());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The sum of the limits of services, each with this many instances. */
  public static long demand(List<ServiceConfig> services, ToIntFunction<ServiceConfig> instances) {
    return services.stream()
        .mapToLong(service -> instances.applyAsInt(service) * service.limits().maxMemoryBytes())
        .sum();
  }

  public boolean bears(long demandBytes) {
    return bytes.isEmpty() || demandBytes <= bytes.getAsLong();
  }

  /**
   * Why some more instances of a service are not started; empty when they fit.
   *
   * @param running the sum of the limits of what runs
   * @param each the limit of one more
   */
  public Optional<String> refusal(long running, long each, int more) {
    if (bears(running + more * each)) {
      return Optional.empty();
    }
    return Optional.of(
        megabytes(each)
            + (more == 1 ? "" : " each for " + more)
            + " more, beside the limits of what runs ("
            + megabytes(running)
            + "), is more than this machine has ("
            + megabytes(bytes.getAsLong())
            + ")");
  }

  /** As a configuration would say it. */
  public static String megabytes(long bytes) {
    return bytes / MB + "MB";
  }
}
