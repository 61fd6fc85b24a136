package blackhole.bench.service;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.connect.ConnectContent;
import org.osgi.framework.connect.ConnectModule;
import org.osgi.framework.connect.ModuleConnector;

/**
 * A jar of the class path as a bundle (OSGi Core 8, Connect), as short as can be: it is open as
 * long as the JVM. A host has its own ({@code blackhole.boot}), which is part of what is measured
 * against this, so it is not used here.
 */
final class ClassPathBundle implements ConnectModule, ConnectContent {
  private final JarFile jar;
  private final Map<String, String> headers = new HashMap<>();

  ClassPathBundle(Path file) {
    try {
      jar = new JarFile(file.toFile(), false);
      jar.getManifest()
          .getMainAttributes()
          .forEach((name, value) -> headers.put(name.toString(), value.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  /** Knows these and no others. */
  static ModuleConnector connector(List<ClassPathBundle> bundles) {
    Map<String, ConnectModule> modules =
        bundles.stream().collect(Collectors.toMap(ClassPathBundle::location, Function.identity()));
    return new ModuleConnector() {
      @Override
      public void initialize(File storage, Map<String, String> configuration) {
        // they are all there
      }

      @Override
      public Optional<ConnectModule> connect(String location) {
        return Optional.ofNullable(modules.get(location));
      }

      @Override
      public Optional<BundleActivator> newBundleActivator() {
        return Optional.empty();
      }
    };
  }

  String location() {
    return "classpath:" + jar.getName();
  }

  boolean isFragment() {
    return headers.containsKey("Fragment-Host");
  }

  @Override
  public ConnectContent getContent() {
    return this;
  }

  @Override
  public Optional<Map<String, String>> getHeaders() {
    return Optional.of(new HashMap<>(headers));
  }

  @Override
  public Optional<ClassLoader> getClassLoader() {
    return Optional.of(ClassPathBundle.class.getClassLoader());
  }

  @Override
  public void open() {
    // since it was made
  }

  @Override
  public void close() {
    // with the JVM
  }

  @Override
  public Iterable<String> getEntries() {
    return jar.stream().map(ZipEntry::getName).toList();
  }

  @Override
  public Optional<ConnectEntry> getEntry(String path) {
    return Optional.ofNullable(jar.getEntry(path)).map(Entry::new);
  }

  private final class Entry implements ConnectEntry {
    private final ZipEntry entry;

    Entry(ZipEntry entry) {
      this.entry = entry;
    }

    @Override
    public String getName() {
      return entry.getName();
    }

    @Override
    public long getContentLength() {
      return entry.getSize();
    }

    @Override
    public long getLastModified() {
      return 0;
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return jar.getInputStream(entry);
    }
  }
}
