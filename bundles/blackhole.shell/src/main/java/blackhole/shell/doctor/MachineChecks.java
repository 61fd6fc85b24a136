package blackhole.shell.doctor;

import blackhole.api.supervision.InstanceLimit;
import blackhole.api.supervision.InstanceStatus;
import blackhole.shell.render.Units;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What instances are promised, against what the machine has. */
public final class MachineChecks {
  private static final Pattern SIZE = Pattern.compile("(\\d+)([KMG]?)B?");

  private MachineChecks() {}

  /** All that runs may use all that it is given, at once. */
  public static List<Finding> memory(List<InstanceLimit> limits, OptionalLong machineBytes) {
    long promised =
        limits.stream()
            .filter(limit -> limit.limit().equals("max_memory"))
            .mapToLong(limit -> bytes(limit.value()))
            .sum();
    if (machineBytes.isEmpty() || promised <= machineBytes.getAsLong()) {
      return List.of();
    }
    return List.of(
        Finding.warning(
            "max_memory",
            "all instances together may use "
                + Units.bytes(promised)
                + ", and this machine has "
                + Units.bytes(machineBytes.getAsLong()),
            "give some of them less, or 'scale' a service in: 'limits' shows what each has"));
  }

  /** A quota of more cores than there are limits nothing. */
  public static List<Finding> cores(List<InstanceLimit> limits, int machineCores) {
    Map<String, Finding> byService = new LinkedHashMap<>();
    for (InstanceLimit limit : limits) {
      if (limit.limit().equals("max_cpu") && cores(limit.value()) > machineCores) {
        byService.put(
            limit.id().service(),
            Finding.warning(
                limit.id().service(),
                "max_cpu is " + limit.value() + ", and this machine has " + machineCores + " cores",
                "it limits nothing, and CPU thresholds are never reached: set what it may use"));
      }
    }
    return List.copyOf(byService.values());
  }

  /**
   * Ports that somebody else has, of services that do not run.
   *
   * @param taken whether nobody could listen there
   */
  public static List<Finding> ports(List<InstanceStatus> instances, IntPredicate taken) {
    Map<Integer, String> idle = new LinkedHashMap<>();
    instances.forEach(one -> one.port().ifPresent(port -> idle.put(port, one.id().service())));
    // instances share the port of their service
    instances.stream()
        .filter(one -> one.pid().isPresent())
        .forEach(one -> one.port().ifPresent(idle::remove));
    List<Finding> findings = new ArrayList<>();
    idle.forEach(
        (port, service) -> {
          if (taken.test(port)) {
            findings.add(
                Finding.error(
                    service,
                    "its TCP port " + port + " is taken by another process",
                    "'ss -ltnp' on this machine shows by whose; or give it another port, and"
                        + " 'reload'"));
          }
        });
    return findings;
  }

  /**
   * Whether nobody can listen where services do; binds the port for a moment.
   *
   * @param loopback whether they listen there only: what others have at other addresses is not in
   *     their way then
   */
  public static boolean isTaken(int port, boolean loopback) {
    try (ServerSocket socket = new ServerSocket()) {
      // connections of a process that has ended may linger
      socket.setReuseAddress(true);
      socket.bind(
          loopback
              ? new InetSocketAddress(InetAddress.getLoopbackAddress(), port)
              : new InetSocketAddress(port));
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /** Empty where the kernel does not tell. */
  public static OptionalLong machineBytes() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/meminfo"))) {
      return lines
          .filter(line -> line.startsWith("MemTotal:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  private static long bytes(String size) {
    Matcher matcher = SIZE.matcher(size);
    if (!matcher.matches()) {
      return 0;
    }
    int shift =
        switch (matcher.group(2)) {
          case "K" -> 10;
          case "M" -> 20;
          case "G" -> 30;
          default -> 0;
        };
    return Long.parseLong(matcher.group(1)) << shift;
  }

  private static double cores(String value) {
    try {
      return Double.parseDouble(value);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
