package blackhole.orchestrator.distribution;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The unpacked jars of a launcher, in a home's {@code lib}. Immutable, as the files are. */
public final class Distribution {
  private final Path lib;
  private final DistributionIndex index;

  public Distribution(Path lib, DistributionIndex index) {
    this.lib = lib.toAbsolutePath();
    this.index = index;
  }

  /** Reads the index that a launcher left beside the jars. */
  public static Distribution read(Path indexFile) throws IOException {
    return new Distribution(indexFile.resolveSibling(""), DistributionIndex.read(indexFile));
  }

  public DistributionIndex index() {
    return index;
  }

  public Path indexFile() {
    return lib.resolve(index.fileName());
  }

  /** Whether a file is one of those that the launcher brought. */
  public boolean holds(Path file) {
    return lib.equals(file.getParent());
  }

  public String hostClassPath() {
    return join(index.hostClassPath());
  }

  public String orchestratorClassPath() {
    return join(index.orchestratorClassPath());
  }

  /** What makes certificates, for who has no framework. */
  public List<Path> certificatesClassPath() {
    return index.certificatesClassPath().stream().map(lib::resolve).toList();
  }

  /** The jars to install for a service bundle on board: its libraries first, itself last. */
  public Optional<List<Path>> serviceBundles(String symbolicName) {
    return index
        .service(symbolicName)
        .map(service -> service.jars().stream().map(lib::resolve).toList());
  }

  private String join(List<String> names) {
    return String.join(
        File.pathSeparator, names.stream().map(name -> lib.resolve(name).toString()).toList());
  }
}
