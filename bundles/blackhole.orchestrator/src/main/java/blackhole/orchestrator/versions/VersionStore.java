package blackhole.orchestrator.versions;

import blackhole.api.host.NodeHome;
import blackhole.orchestrator.plan.InstalledBundle;
import blackhole.orchestrator.versions.Entry.Standing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What was installed for each service, and the bytes of it, in {@code HOME/bundles/SERVICE}: jars
 * named after their digests, one file of lines, and which jar is in force. Everything is on the
 * disk before it counts. Thread-safe.
 */
public final class VersionStore {
  private static final String HISTORY = "history.jsonl";
  private static final String SUFFIX = ".jar";
  private static final int DIGEST_LENGTH = 64;

  /** Of what was refused, as much as of the rest. */
  private static final int LINES_FOR_EACH_KEPT = 2;

  private final NodeHome home;
  private final IntSupplier kept;

  /**
   * @param kept versions of a service to go back to
   */
  public VersionStore(NodeHome home, IntSupplier kept) {
    this.home = home;
    this.kept = kept;
  }

  public NodeHome home() {
    return home;
  }

  /** The oldest first. One that was under way when its orchestrator ended was not installed. */
  public synchronized List<Entry> history(String service) throws IOException {
    Path file = directory(service).resolve(HISTORY);
    if (!Files.exists(file)) {
      return List.of();
    }
    List<Entry> entries = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      EntryLines.parse(line).ifPresent(entries::add);
    }
    return List.copyOf(entries);
  }

  /**
   * Says of what was under way when an earlier orchestrator ended that it is not installed, and
   * puts in force again what was before.
   *
   * @param builtin digest of the launcher's or the configured version, which needs no choice
   * @return whether there was such
   */
  public synchronized boolean settle(String service, String builtin) throws IOException {
    List<Entry> entries = history(service);
    boolean pending = entries.stream().anyMatch(entry -> entry.standing() == Standing.PENDING);
    if (pending) {
      // first, as the history may be settled once more
      choose(
          service,
          entries.stream()
              .filter(entry -> entry.standing() == Standing.CURRENT)
              // one that nobody installed is the launcher's, also when there is a newer launcher
              .filter(entry -> entry.mode().isPresent() && !entry.has(builtin))
              .findFirst()
              .flatMap(Entry::sha256));
      write(
          service,
          entries.stream()
              .map(
                  entry ->
                      entry.standing() == Standing.PENDING
                          ? entry.with(
                              Standing.ROLLED_BACK,
                              "the orchestrator ended before the update was done")
                          : entry)
              .toList());
    }
    return pending;
  }

  public synchronized void add(String service, Entry entry) throws IOException {
    List<Entry> entries = new ArrayList<>(history(service));
    entries.add(entry);
    write(service, entries);
  }

  /** The last of the history turns out otherwise. */
  public synchronized void amend(String service, Standing standing, String why) throws IOException {
    List<Entry> entries = new ArrayList<>(history(service));
    int last = entries.size() - 1;
    entries.set(last, entries.get(last).with(standing, why));
    write(service, entries);
  }

  /** The last of the history takes the place of what was in force. */
  public synchronized void succeed(String service) throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (Entry entry : history(service)) {
      entries.add(
          switch (entry.standing()) {
            case CURRENT -> entry.with(Standing.REPLACED, entry.message());
            case PENDING -> entry.with(Standing.CURRENT, entry.message());
            case REPLACED, ROLLED_BACK, REFUSED -> entry;
          });
    }
    write(service, entries);
  }

  private void write(String service, List<Entry> entries) throws IOException {
    Files.createDirectories(directory(service));
    List<Entry> pruned = pruned(entries);
    String lines =
        pruned.stream()
            .map(EntryLines::line)
            .map(line -> line + "\n")
            .collect(Collectors.joining());
    InstalledBundle.replace(directory(service).resolve(HISTORY), lines);
    removeUnnamed(service, pruned);
  }

  private List<Entry> pruned(List<Entry> entries) {
    List<Entry> pruned = new ArrayList<>(entries);
    int excess = entries.size() - kept.getAsInt() * LINES_FOR_EACH_KEPT;
    for (int i = 0; i < entries.size() && excess > 0; i++) {
      Standing standing = entries.get(i).standing();
      if (standing != Standing.CURRENT && standing != Standing.PENDING) {
        pruned.remove(entries.get(i));
        excess--;
      }
    }
    return pruned;
  }

  /** Jars that may be gone back to are those of the last versions that were in force. */
  private void removeUnnamed(String service, List<Entry> entries) throws IOException {
    Set<String> named = new HashSet<>();
    int left = kept.getAsInt();
    for (int i = entries.size() - 1; i >= 0; i--) {
      Entry entry = entries.get(i);
      boolean needed = entry.standing() == Standing.CURRENT || entry.standing() == Standing.PENDING;
      if (entry.sha256().isPresent()
          && (needed || (entry.standing() == Standing.REPLACED && left > 0))
          && named.add(entry.sha256().get())) {
        left--;
      }
    }
    InstalledBundle.digest(home, service).ifPresent(named::add);
    for (Path jar : jars(service)) {
      String name = jar.getFileName().toString();
      if (!named.contains(name.substring(0, DIGEST_LENGTH))) {
        Files.deleteIfExists(jar);
      }
    }
  }

  private List<Path> jars(String service) throws IOException {
    try (Stream<Path> files = Files.list(directory(service))) {
      return files
          .filter(
              file -> {
                String name = file.getFileName().toString();
                return name.length() == DIGEST_LENGTH + SUFFIX.length() && name.endsWith(SUFFIX);
              })
          .toList();
    }
  }

  /** Keeps the bytes of a version. */
  public synchronized Path keep(String service, String sha256, byte[] bytes) throws IOException {
    Path jar = jar(service, sha256);
    if (!Files.exists(jar)) {
      Files.createDirectories(directory(service));
      Path made = Files.createTempFile(directory(service), ".version-", ".tmp");
      try {
        Files.write(made, bytes);
        InstalledBundle.sync(made);
        Files.move(made, jar, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(made);
      }
    }
    return jar;
  }

  /** Where a version's bytes are kept, or would be. */
  public Path jar(String service, String sha256) {
    return InstalledBundle.jar(home, service, sha256);
  }

  /**
   * Puts a version in force, from the next start of a host on.
   *
   * @param sha256 empty for that of the launcher or the configuration
   */
  public synchronized void choose(String service, Optional<String> sha256) throws IOException {
    InstalledBundle.choose(home, service, sha256);
  }

  /** Whether a version with these bytes was in force once. */
  public static boolean wasInstalled(List<Entry> history, String sha256) {
    return history.stream()
        .filter(
            entry -> entry.standing() == Standing.CURRENT || entry.standing() == Standing.REPLACED)
        .anyMatch(entry -> entry.has(sha256));
  }

  /** What was in force before the present one, with other bytes. */
  public static Optional<Entry> previous(List<Entry> history, String presentSha256) {
    for (int i = history.size() - 1; i >= 0; i--) {
      Entry entry = history.get(i);
      if (entry.standing() == Standing.REPLACED
          && entry.sha256().isPresent()
          && !entry.has(presentSha256)) {
        return Optional.of(entry);
      }
    }
    return Optional.empty();
  }

  private Path directory(String service) {
    return home.bundles().resolve(service);
  }
}
