package blackhole.orchestrator.update;

import blackhole.api.supervision.AuditTrail;
import blackhole.api.supervision.Updates;
import blackhole.orchestrator.plan.InstalledBundle;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Updates a service when somebody puts a jar into the folder that is named after it. A file is
 * taken when two looks in a row have found it the same, so that none is taken while it is written;
 * and once only, whatever came of it, until it changes: what was taken is kept in a file, for the
 * next orchestrator. Thread-safe; reads and writes files.
 */
public final class DeployFolder {
  /** Who is named in the history and the journal. */
  static final String WHO = "deploy";

  private static final Updates.Options OPTIONS = new Updates.Options(false, false, false, false);
  private static final Logger LOG = System.getLogger(DeployFolder.class.getName());
  private static final String SUFFIX = ".jar";

  private final Path folder;
  private final Path memory;
  private final Updates updates;
  private final Supplier<Optional<AuditTrail>> audit;

  // guarded by this

  /** As they were at the last look. */
  private Map<Path, String> seen = new HashMap<>();

  private final Set<String> busy = new HashSet<>();
  private @Nullable Properties taken;

  /** A jar that somebody has put there. */
  private record Dropped(String service, Path file, String stamp, long modifiedMillis) {}

  /**
   * @param folder has one folder for each service; need not be there
   * @param memory where to keep what was taken
   * @param audit hears of each update; empty as long as nobody wants to
   */
  public DeployFolder(
      Path folder, Path memory, Updates updates, Supplier<Optional<AuditTrail>> audit) {
    this.audit = audit;
    this.folder = folder;
    this.memory = memory;
    this.updates = updates;
  }

  /** To be called at intervals: they are how long a file has to be left alone. */
  public synchronized void look() {
    try {
      Map<Path, String> now = new HashMap<>();
      for (Path directory : directories()) {
        Optional<Dropped> newest =
            jars(directory).stream()
                .filter(jar -> isSettled(jar, now))
                .max(Comparator.comparingLong(Dropped::modifiedMillis));
        if (newest.isPresent() && !isTaken(newest.get())) {
          take(newest.get());
        }
      }
      seen = now;
    } catch (IOException | UncheckedIOException e) {
      LOG.log(Level.WARNING, "cannot look into " + folder + ": " + e.getMessage());
    }
  }

  private List<Path> directories() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(Files::isDirectory).sorted().toList();
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    }
  }

  private static List<Dropped> jars(Path directory) throws IOException {
    String service = directory.getFileName().toString();
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(file -> file.getFileName().toString().endsWith(SUFFIX))
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .flatMap(file -> dropped(service, file).stream())
          .toList();
    }
  }

  /** Empty for what is no file, or is gone by now. */
  private static Optional<Dropped> dropped(String service, Path file) {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      String stamp = now.size() + " " + now.lastModifiedTime() + " " + now.fileKey();
      return now.isRegularFile()
          ? Optional.of(new Dropped(service, file, stamp, now.lastModifiedTime().toMillis()))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private boolean isSettled(Dropped jar, Map<Path, String> now) {
    now.put(jar.file(), jar.stamp());
    return jar.stamp().equals(seen.get(jar.file()));
  }

  private boolean isTaken(Dropped jar) {
    return busy.contains(jar.service()) || jar.stamp().equals(taken().getProperty("" + jar.file()));
  }

  private Properties taken() {
    Properties known = taken;
    if (known == null) {
      known = new Properties();
      try (Reader reader = Files.newBufferedReader(memory)) {
        known.load(reader);
      } catch (NoSuchFileException e) {
        // nothing yet
      } catch (IOException | IllegalArgumentException e) {
        LOG.log(Level.WARNING, "ignores " + memory + ": " + e.getMessage());
      }
      taken = known;
    }
    return known;
  }

  private void take(Dropped jar) {
    busy.add(jar.service());
    LOG.log(Level.INFO, "{0} was put there for {1}", jar.file(), jar.service());
    Optional<AuditTrail.Change> change =
        audit
            .get()
            .map(
                trail ->
                    trail.asked(owner(jar.file()), WHO, List.of(jar.service(), "" + jar.file())));
    updates
        .update(jar.service(), jar.file(), OPTIONS, WHO, step -> {})
        .whenComplete(
            (lines, problem) -> {
              if (problem == null) {
                LOG.log(Level.INFO, "{0}", String.join("; ", lines));
                change.ifPresent(AuditTrail.Change::done);
              } else {
                LOG.log(Level.WARNING, "{0} was not taken: {1}", jar.file(), reason(problem));
                change.ifPresent(one -> one.failed(reason(problem)));
              }
              done(jar);
            });
  }

  /** Who has put it there, for all that is known. */
  private static String owner(Path file) {
    try {
      return Files.getOwner(file).getName();
    } catch (IOException e) {
      return "";
    }
  }

  private static String reason(Throwable problem) {
    Throwable cause = problem.getCause();
    return String.valueOf((cause == null ? problem : cause).getMessage());
  }

  private synchronized void done(Dropped jar) {
    busy.remove(jar.service());
    Properties known = taken();
    known.setProperty("" + jar.file(), jar.stamp());
    known.keySet().removeIf(file -> !Files.exists(Path.of("" + file)));
    try {
      StringWriter text = new StringWriter();
      known.store(text, null);
      InstalledBundle.replace(memory, text.toString());
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot keep what was taken from " + folder, e);
    }
  }
}
