package blackhole.shell.command;

import blackhole.api.supervision.Failure;
import blackhole.api.supervision.JvmUsage;
import blackhole.api.supervision.ProcessUsage;
import blackhole.shell.render.Units;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** What is known of one failure, as {@code info} shows it. */
record Dossier(Failure failure) {
  Map<String, @Nullable Object> row() {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("time", Units.time(failure.time()));
    row.put("exit_code", failure.exitCode().isPresent() ? failure.exitCode().getAsInt() : null);
    row.put("signal", failure.signal().orElse(null));
    row.put("cause", failure.cause());
    row.put("kind", failure.kind().name().toLowerCase(Locale.ROOT));
    row.put("lived_seconds", failure.lived().toMillis() / 1000.0);
    row.put("last_log_lines", failure.lastLogLines());
    row.put("hs_err", failure.crashReport().map(Path::toString).orElse(null));
    row.put("heap_dump", failure.heapDump().map(Path::toString).orElse(null));
    row.put("last_samples", failure.lastSamples().stream().map(Dossier::sample).toList());
    return row;
  }

  private static Map<String, @Nullable Object> sample(ProcessUsage usage) {
    Optional<JvmUsage> jvm = usage.jvm();
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("sampled_at", Units.time(usage.sampledAt()));
    row.put("rss_bytes", usage.rssBytes());
    row.put("cpu_cores", cores(usage).orElse(null));
    row.put("open_fds", usage.openFds());
    row.put("threads", usage.threads());
    row.put("heap_used_bytes", jvm.map(JvmUsage::heapUsedBytes).orElse(null));
    row.put("heap_after_gc_bytes", jvm.flatMap(Dossier::afterGc).orElse(null));
    row.put("metaspace_bytes", jvm.map(JvmUsage::metaspaceBytes).orElse(null));
    row.put("direct_bytes", jvm.map(JvmUsage::directBytes).orElse(null));
    return row;
  }

  private static Optional<Double> cores(ProcessUsage usage) {
    return usage.cpuCores().stream().boxed().findFirst();
  }

  private static Optional<Long> afterGc(JvmUsage jvm) {
    return jvm.heapAfterGcBytes().stream().boxed().findFirst();
  }

  void print(PrintStream out) {
    out.println(
        "    "
            + Units.time(failure.time())
            + "  "
            + failure.cause()
            + ", after "
            + Units.duration(failure.lived()));
    failure.crashReport().ifPresent(file -> out.println("      hs_err file: " + file));
    failure.heapDump().ifPresent(file -> out.println("      heap dump: " + file));
    failure.lastSamples().forEach(usage -> out.println("      " + words(usage)));
    failure.lastLogLines().forEach(line -> out.println("      | " + line));
  }

  private static String words(ProcessUsage usage) {
    StringJoiner words = new StringJoiner(", ", Units.time(usage.sampledAt()) + "  ", "");
    words.add("rss " + Units.bytes(usage.rssBytes()));
    cores(usage).ifPresent(cores -> words.add("cpu " + Units.cores(cores)));
    usage
        .jvm()
        .ifPresent(
            jvm -> {
              words.add("heap " + Units.bytes(jvm.heapUsedBytes()));
              words.add("metaspace " + Units.bytes(jvm.metaspaceBytes()));
              words.add("direct " + Units.bytes(jvm.directBytes()));
            });
    words.add("fds " + usage.openFds());
    words.add("threads " + usage.threads());
    return words.toString();
  }
}
