package blackhole.boot;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.connect.ConnectContent;
import org.osgi.framework.connect.ConnectModule;

/**
 * A jar of the class path as the content of a bundle. Its classes come from the application's
 * loader, where a class-data archive serves them; its entries come from the jar.
 *
 * <p>The framework opens and closes it from any of its threads.
 */
final class ClassPathModule implements ConnectModule, ConnectContent {
  private final Path file;
  private final Map<String, String> headers;
  private @Nullable JarFile jar;

  ClassPathModule(Path file) {
    this.file = file;
    try (JarFile opened = new JarFile(file.toFile(), false)) {
      this.headers = headersOf(opened);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  private static Map<String, String> headersOf(JarFile jar) throws IOException {
    Map<String, String> headers = new HashMap<>();
    jar.getManifest()
        .getMainAttributes()
        .forEach((name, value) -> headers.put(name.toString(), value.toString()));
    return Map.copyOf(headers);
  }

  String symbolicName() {
    String header = headers.getOrDefault("Bundle-SymbolicName", file.getFileName().toString());
    int directives = header.indexOf(';');
    return (directives < 0 ? header : header.substring(0, directives)).trim();
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
    // a copy: Felix puts in what a multi-release jar says for newer JDKs
    return Optional.of(new HashMap<>(headers));
  }

  @Override
  public Optional<ClassLoader> getClassLoader() {
    return Optional.of(ClassPathModule.class.getClassLoader());
  }

  @Override
  public synchronized void open() throws IOException {
    if (jar == null) {
      jar = new JarFile(file.toFile(), false);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    if (jar != null) {
      jar.close();
      jar = null;
    }
  }

  @Override
  public Iterable<String> getEntries() throws IOException {
    return opened().stream().map(ZipEntry::getName).toList();
  }

  @Override
  public Optional<ConnectEntry> getEntry(String path) {
    JarFile opened = opened();
    return Optional.ofNullable(opened.getEntry(path)).map(entry -> new JarEntry(opened, entry));
  }

  private synchronized JarFile opened() {
    if (jar == null) {
      throw new IllegalStateException(file + " is closed");
    }
    return jar;
  }

  private record JarEntry(JarFile jar, ZipEntry entry) implements ConnectEntry {
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
      // the jar never changes; an entry's own time would load the JDK's time zones to be read
      return 0;
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return jar.getInputStream(entry);
    }
  }
}
