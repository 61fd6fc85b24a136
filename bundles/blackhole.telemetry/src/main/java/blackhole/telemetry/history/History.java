package blackhole.telemetry.history;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The samples of all instances, a file for each. Files of another shape, from before a setting was
 * changed, are copied into the new one; those of instances that are gone for longer than samples
 * are kept go. Written by one thread at a time, read by any.
 */
public final class History implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(History.class.getName());
  private static final String SUFFIX = ".ring";

  private final Path directory;
  private final Shape shape;
  private final int maxInstances;
  private final ConcurrentNavigableMap<InstanceKey, RingFile> files = new ConcurrentSkipListMap<>();
  private final AtomicLong samples = new AtomicLong();
  private final AtomicLong refusedInstances = new AtomicLong();
  private final AtomicLong refusedValues = new AtomicLong();

  /** What was refused and logged, so that it is logged once. */
  private final Set<String> complained = new TreeSet<>();

  private History(Path directory, Shape shape, int maxInstances) {
    this.directory = directory;
    this.shape = shape;
    this.maxInstances = maxInstances;
  }

  /**
   * Opens the files that are there.
   *
   * @param maxInstances of which samples are kept
   * @throws IOException naming the file that cannot be used
   */
  public static History open(Path directory, Shape shape, int maxInstances) throws IOException {
    History history = new History(directory, shape, maxInstances);
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      for (Path file : found) {
        Optional<InstanceKey> key = InstanceKey.parse(name(file));
        if (key.isPresent()) {
          history.files.put(key.get(), history.open(file));
        }
      }
    } catch (IOException | RuntimeException e) {
      history.close();
      throw e;
    }
    return history;
  }

  private static String name(Path file) {
    String name = file.getFileName().toString();
    return name.substring(0, name.length() - SUFFIX.length());
  }

  private RingFile open(Path file) throws IOException {
    RingFile found;
    try {
      found = RingFile.open(file);
    } catch (RingFile.DamagedException e) {
      Path aside = file.resolveSibling(file.getFileName() + ".damaged");
      LOG.log(Level.ERROR, "{0}; it is kept as {1}", e.getMessage(), aside.getFileName());
      Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
      return RingFile.create(file, shape);
    }
    return found.shape().equals(shape) ? found : reshape(file, found);
  }

  private RingFile reshape(Path file, RingFile old) throws IOException {
    try (old) {
      Path other = file.resolveSibling(file.getFileName() + ".other");
      RingFile fresh = RingFile.create(other, shape);
      try {
        old.copyTo(fresh);
        Files.move(
            other, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return fresh;
      } catch (IOException | RuntimeException e) {
        fresh.close();
        throw e;
      }
    }
  }

  public Shape shape() {
    return shape;
  }

  /** One of a time that has one already takes its place. */
  public void put(InstanceKey key, Sample sample) throws IOException {
    RingFile file = files.get(key);
    if (file == null) {
      if (files.size() >= maxInstances) {
        refusedInstances.incrementAndGet();
        complain(key + " has no history: there are " + maxInstances + " (custom.max_instances)");
        return;
      }
      file = RingFile.create(directory.resolve(key + SUFFIX), shape);
      files.put(key, file);
    }
    List<String> refused = file.put(sample.timeMillis(), sample.metrics());
    samples.incrementAndGet();
    refusedValues.addAndGet(refused.size());
    for (String name : refused) {
      complain(key + " has no history of " + name + ": no column for it (custom.max_metrics)");
    }
  }

  private void complain(String message) {
    if (complained.size() < 1000 && complained.add(message)) {
      LOG.log(Level.WARNING, message);
    }
  }

  /** The files of instances that have no sample of this time or later go. */
  public void forgetBefore(long timeMillis) throws IOException {
    for (Map.Entry<InstanceKey, RingFile> entry : files.entrySet()) {
      if (!entry.getValue().hasSince(timeMillis)) {
        files.remove(entry.getKey());
        Files.deleteIfExists(directory.resolve(entry.getKey() + SUFFIX));
        entry.getValue().close();
      }
    }
  }

  /**
   * The metrics of each instance.
   *
   * @param service empty for all
   */
  public SortedMap<InstanceKey, Set<String>> metrics(String service) {
    SortedMap<InstanceKey, Set<String>> metrics = new TreeMap<>();
    files.forEach(
        (key, file) -> {
          if (service.isEmpty() || service.equals(key.service())) {
            metrics.put(key, file.metrics());
          }
        });
    return metrics;
  }

  /** The points of one metric of one instance; none where there is no such series. */
  public List<Point> series(InstanceKey key, String metric, Range range, Aggregate aggregate)
      throws IOException {
    RingFile file = files.get(key);
    if (file == null) {
      return List.of();
    }
    Set<String> wanted = Set.of(metric);
    Resampling resampling = new Resampling(range, aggregate);
    Optional<Sample> before = file.get(shape.turn(range.from()) - 1, wanted);
    if (before.isPresent() && before.get().metrics().containsKey(metric)) {
      resampling.before(before.get().timeMillis(), before.get().metrics().get(metric));
    }
    long first = Math.max(shape.turn(range.from()), shape.turn(range.to()) - shape.slots());
    for (long turn = first; turn <= shape.turn(range.to() - 1); turn++) {
      Optional<Sample> sample = file.get(turn, wanted);
      if (sample.isPresent()) {
        long time = sample.get().timeMillis();
        Double value = sample.get().metrics().get(metric);
        if (value != null && time >= range.from() && time < range.to()) {
          resampling.add(time, value);
        }
      }
    }
    return resampling.points();
  }

  /**
   * The sample of one instance in the interval that this time is in.
   *
   * @return empty where there is none
   */
  public Optional<Sample> sample(InstanceKey key, long timeMillis) throws IOException {
    RingFile file = files.get(key);
    return file == null ? Optional.empty() : file.get(shape.turn(timeMillis));
  }

  /** The instances that there is something of, in order. */
  public Collection<InstanceKey> instances() {
    return new ArrayList<>(files.keySet());
  }

  /** In the words of the service's metrics. */
  public Map<String, Double> numbers() {
    return Map.of(
        "telemetry_samples_total", (double) samples.get(),
        "telemetry_instances", (double) files.size(),
        "telemetry_file_bytes", (double) RingFile.size(shape) * files.size(),
        "telemetry_refused_instances_total", (double) refusedInstances.get(),
        "telemetry_refused_values_total", (double) refusedValues.get());
  }

  /** Reads that are going on fail. */
  @Override
  public void close() {
    for (RingFile file : files.values()) {
      try {
        file.close();
      } catch (IOException e) {
        LOG.log(Level.WARNING, "a file of samples was not closed", e);
      }
    }
    files.clear();
  }
}
