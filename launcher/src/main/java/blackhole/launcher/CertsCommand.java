package blackhole.launcher;

import blackhole.api.host.NodeHome;
import blackhole.orchestrator.plan.NodeId;
import blackhole.orchestrator.plan.NodeTls;
import blackhole.orchestrator.tls.CertificateIssuer;
import blackhole.orchestrator.tls.DevelopmentTls;
import blackhole.orchestrator.tls.DevelopmentTls.Request;
import blackhole.orchestrator.tls.DevelopmentTls.Result;
import blackhole.orchestrator.tls.Machine;
import blackhole.orchestrator.tls.NodeNames;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes a development authority and certificates of nodes, or shows what is there. */
final class CertsCommand {
  private final CertificateTools tools;
  private final PrintStream out;
  private final PrintStream err;

  CertsCommand(CertificateTools tools, PrintStream out, PrintStream err) {
    this.tools = tools;
    this.out = out;
    this.err = err;
  }

  /**
   * For nodes elsewhere.
   *
   * @param folder where a folder for each node is made, and the authority if there is no other
   * @param authority where the authority's certificate and key are
   * @param hosts by which the nodes are reached, beside the loopback interface
   */
  record Wanted(
      List<String> nodes,
      Path folder,
      Optional<Path> authority,
      List<String> hosts,
      Duration validity,
      boolean force) {}

  /** The certificates of a home's own node. */
  int ofHome(NodeHome home, Optional<Path> configuration, boolean force)
      throws IOException, InterruptedException {
    String nodeId = nodeId(home, configuration);
    Result result = make(NodeTls.request(home, nodeId, force));
    CertsReport report = new CertsReport(out, err);
    report.authority(result, home.tls());
    report.node(nodeId, result, List.of());
    report.useAtHome(home);
    return ExitCodes.DONE;
  }

  private String nodeId(NodeHome home, Optional<Path> configuration)
      throws IOException, InterruptedException {
    Optional<String> known = tools.nodeId(home, configuration);
    if (known.isPresent()) {
      return known.get();
    }
    home.create();
    // a node that starts just now would make another
    try (HomeLock lock = HomeLock.acquire(home)) {
      return NodeId.of(home, Optional.empty());
    }
  }

  int forNodes(Wanted wanted) throws IOException {
    Path authority = wanted.authority().orElse(wanted.folder());
    if (wanted.authority().isPresent()) {
      requireAuthority(authority);
    }
    List<String> hosts = new ArrayList<>(Machine.LOOPBACK);
    hosts.addAll(wanted.hosts());
    CertsReport report = new CertsReport(out, err);
    List<Result> results = new ArrayList<>();
    for (String node : wanted.nodes()) {
      results.add(
          make(
              new Request(
                  authority,
                  wanted.folder().resolve(node),
                  new NodeNames(node, hosts),
                  wanted.validity(),
                  wanted.force())));
    }
    report.authority(results.get(0), authority);
    for (int i = 0; i < results.size(); i++) {
      report.node(wanted.nodes().get(i), results.get(i), wanted.hosts());
    }
    for (int i = 0; i < results.size(); i++) {
      report.useElsewhere(wanted.nodes().get(i), results.get(i));
    }
    return ExitCodes.DONE;
  }

  /** An authority that was named is not made in passing. */
  private static void requireAuthority(Path folder) {
    for (String name : List.of(DevelopmentTls.AUTHORITY, DevelopmentTls.AUTHORITY_KEY)) {
      if (!Files.exists(folder.resolve(name))) {
        throw LauncherException.usage(
            "--ca " + folder + " has no " + name, "leave --ca out to make an authority in --out");
      }
    }
  }

  private Result make(Request request) throws IOException {
    try {
      return new DevelopmentTls(this::issuer, Clock.systemUTC()).prepare(request);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private CertificateIssuer issuer() {
    try {
      return tools.issuer();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
