package blackhole.launcher;

import blackhole.orchestrator.plan.NodeTls;
import blackhole.orchestrator.tls.HostNames;
import blackhole.orchestrator.tls.NodeNames;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the command line of {@code certs}. */
final class CertsOptions {
  static final CommandSpec.Option NODE =
      new CommandSpec.Option("--node", "NAME", "the id of a node to make one for; repeatable");
  static final CommandSpec.Option OUT =
      new CommandSpec.Option("--out", "DIR", "where to, with a folder for each node");
  static final CommandSpec.Option CA =
      new CommandSpec.Option(
          "--ca", "DIR", "has the ca.pem and ca.key to sign with; default: those in --out, or new");
  static final CommandSpec.Option HOST =
      new CommandSpec.Option(
          "--host", "HOST", "a name or address by which these nodes are called; repeatable");
  static final CommandSpec.Option DAYS =
      new CommandSpec.Option("--days", "N", "how long they are valid; default: 365");
  static final CommandSpec.Option FORCE =
      new CommandSpec.Option("--force", "", "new keys and certificates, even if there are some");

  private static final int MAX_DAYS = 3650;

  private final CommandLine line;

  CertsOptions(CommandLine line) {
    this.line = line;
  }

  /** Whether it is about the node of the home. */
  boolean isAboutHome() {
    if (line.has(NODE) || line.has(OUT)) {
      return false;
    }
    for (CommandSpec.Option option : List.of(CA, HOST, DAYS)) {
      if (line.has(option)) {
        throw wrong(option.name() + " goes with --node NAME --out DIR");
      }
    }
    return true;
  }

  CertsCommand.Wanted wanted() {
    String folder = line.value(OUT);
    if (folder == null || !line.has(NODE)) {
      throw wrong("'certs' needs both --node NAME and --out DIR, or neither");
    }
    if (line.has(CommandSpec.HOME) || line.has(CommandSpec.CONFIG)) {
      throw wrong("--home and --config don't go with --node, which is about other homes");
    }
    return new CertsCommand.Wanted(
        nodes(),
        Homes.path(OUT.name(), folder).toAbsolutePath().normalize(),
        Optional.ofNullable(line.value(CA)).map(CertsOptions::authority),
        hosts(),
        validity(line.value(DAYS)),
        line.has(FORCE));
  }

  private static Path authority(String folder) {
    return Homes.path(CA.name(), folder).toAbsolutePath().normalize();
  }

  private List<String> nodes() {
    Set<String> nodes = new LinkedHashSet<>();
    for (String node : line.values(NODE)) {
      if (!HostNames.allows(node)) {
        throw wrong("--node " + node + " can't be a name, expected " + HostNames.EXPECTED);
      }
      if (!nodes.add(node)) {
        throw wrong("--node " + node + " is there twice");
      }
    }
    return List.copyOf(nodes);
  }

  private List<String> hosts() {
    List<String> hosts = new ArrayList<>();
    for (String host : line.values(HOST)) {
      Optional<String> read = NodeNames.isAddress(host) ? address(host) : name(host);
      hosts.add(
          read.orElseThrow(
              () -> wrong("--host " + host + " is neither the name of a host nor an address")));
    }
    return hosts;
  }

  private static Optional<String> name(String host) {
    return HostNames.allows(host) ? Optional.of(host) : Optional.empty();
  }

  /** As certificates show it. Nobody is asked: it has the form of an address. */
  private static Optional<String> address(String host) {
    try {
      boolean sound =
          host.contains(":") || List.of(host.split("\\.")).stream().allMatch(CertsOptions::isByte);
      return sound ? Optional.of(InetAddress.getByName(host).getHostAddress()) : Optional.empty();
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  private static boolean isByte(String number) {
    return number.length() <= 3 && Integer.parseInt(number) <= 255;
  }

  private Duration validity(@Nullable String days) {
    if (days == null) {
      return NodeTls.VALIDITY;
    }
    int count = days.matches("[0-9]{1,4}") ? Integer.parseInt(days) : 0;
    if (count < 1 || count > MAX_DAYS) {
      throw wrong("--days " + days + " is not a number of days, expected 1 to " + MAX_DAYS);
    }
    return Duration.ofDays(count);
  }

  private LauncherException wrong(String message) {
    return LauncherException.usage(message, Help.hint(line.command()));
  }
}
