package blackhole.orchestrator.node;

import blackhole.api.host.TlsFiles;
import blackhole.api.supervision.Hosts;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceState;
import blackhole.api.supervision.InstanceStatus;
import blackhole.api.supervision.Pressure;
import blackhole.api.supervision.Samples;
import blackhole.api.supervision.Updates;
import blackhole.orchestrator.alert.CallRules;
import blackhole.orchestrator.alert.HomeRules;
import blackhole.orchestrator.alert.InstanceRules;
import blackhole.orchestrator.alert.Reading;
import blackhole.orchestrator.config.AlertConfig;
import blackhole.orchestrator.control.HostSession;
import blackhole.orchestrator.supervision.InstanceSummary;
import blackhole.orchestrator.supervision.SupervisorEngine;
import blackhole.orchestrator.tls.Pem;
import blackhole.orchestrator.tls.TlsFileException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Reads what alerts are about, from those who know it. Thread-safe; only {@link #home} waits, for
 * the disk.
 */
final class AlertEyes implements AlertReadings.Sources {
  private static final Logger LOG = System.getLogger(AlertEyes.class.getName());
  private static final Duration REPORT_TIMEOUT = Duration.ofSeconds(1);

  private final AlertConfig config;
  private final Path root;
  private final Optional<TlsFiles> tls;
  private final Parts parts;

  /** Who is asked. */
  record Parts(
      SupervisorEngine supervisor,
      Samples samples,
      Pressure pressure,
      Updates updates,
      Hosts hosts,
      Function<InstanceId, Optional<HostSession>> sessions) {}

  AlertEyes(AlertConfig config, Path root, Optional<TlsFiles> tls, Parts parts) {
    this.config = config;
    this.root = root;
    this.tls = tls;
    this.parts = parts;
  }

  /** What is known of each instance without asking it. */
  List<InstanceRules.Facts> instances() {
    Set<InstanceId> updating = new HashSet<>(parts.updates().underWay());
    List<Pressure.Signal> signals = parts.pressure().signals();
    List<InstanceRules.Facts> all = new ArrayList<>();
    for (InstanceSummary one : parts.supervisor().summaries()) {
      InstanceStatus status = one.status();
      InstanceId id = status.id();
      all.add(
          new InstanceRules.Facts(
              status,
              one.flaps(),
              updating.contains(id),
              one.counts().failures().values().stream().mapToLong(n -> n).sum(),
              parts
                  .samples()
                  .newest(id)
                  .filter(usage -> status.pid().equals(OptionalLong.of(usage.pid()))),
              signals.stream()
                  .filter(signal -> signal.id().equals(id))
                  .map(Pressure.Signal::words)
                  .toList()));
    }
    return all;
  }

  @Override
  public CompletionStage<List<Reading>> calls() {
    CompletionStage<List<Reading>> breakers =
        parts
            .hosts()
            .outgoingCalls()
            .thenApply(
                reports ->
                    CallRules.breakers(
                        reports, parts.supervisor().instances(), parts.updates().underWay()));
    return breakers.thenCombine(lag(), AlertEyes::joined);
  }

  private CompletionStage<List<Reading>> lag() {
    return parts.supervisor().instances().stream()
        .filter(status -> status.id().service().equals(CallRules.EVENTS))
        .filter(status -> status.state() == InstanceState.READY)
        .findFirst()
        .flatMap(status -> parts.sessions().apply(status.id()))
        .map(
            session ->
                session
                    .metrics(REPORT_TIMEOUT)
                    .thenApply(metrics -> CallRules.eventLag(metrics, config)))
        .orElseGet(() -> CompletableFuture.completedStage(List.of()));
  }

  private static List<Reading> joined(List<Reading> some, List<Reading> others) {
    List<Reading> all = new ArrayList<>(some);
    all.addAll(others);
    return all;
  }

  @Override
  public List<Reading> home() {
    List<Reading> readings = new ArrayList<>();
    tls.ifPresent(
        files -> {
          readings.addAll(certificate(files.certificate()));
          readings.addAll(certificate(files.certificateAuthority()));
        });
    try {
      FileStore store = Files.getFileStore(root);
      readings.addAll(HomeRules.disk(root, store.getUsableSpace(), store.getTotalSpace(), config));
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "cannot tell how much room there is", e);
    }
    return readings;
  }

  private List<Reading> certificate(Path file) {
    try {
      return HomeRules.certificate(file, Pem.certificates(file).get(0), Instant.now(), config);
    } catch (TlsFileException e) {
      // whoever uses it says so
      LOG.log(Level.DEBUG, "cannot tell until when it is valid", e);
      return List.of();
    }
  }
}
