import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * Turns the run configurations that bnd laid out into what the launcher carries: each jar once, named
 * by its content, and an index that says which process is made of which.
 *
 * <p>Run by the launcher's build: {@code java WriteIndex.java VERSION EXPORT_DIR BOOT_JAR FELIX_JAR
 * OUT_DIR}. Same input, same bytes.
 */
public final class WriteIndex {
  /** Used for its classes alone: started, it would take stdin for a shell of its own. */
  private static final String NEVER_STARTED = "org.apache.felix.gogo.jline";

  /** Started in a host by the first who needs them: nobody pays for them at its start. */
  private static final Set<String> LAZY_IN_HOSTS =
      Set.of(
          "org.apache.felix.gogo.runtime",
          "org.apache.felix.gogo.command",
          NEVER_STARTED,
          "org.jline",
          "blackhole.shell");

  /** Loaded beside a process, without a framework, when a certificate has to be made. */
  private static final String CERTIFICATES = "certificates";

  private static final Set<String> NO_SERVICES = Set.of("host", "orchestrator", CERTIFICATES);

  private final Path out;
  private final Map<Path, String> names = new LinkedHashMap<>();
  private final Map<String, String> index = new TreeMap<>();

  private WriteIndex(Path out) {
    this.out = out;
  }

  public static void main(String[] args) throws Exception {
    Path out = Path.of(args[4]);
    WriteIndex writer = new WriteIndex(out);
    writer.clear();
    writer.write(args[0], Path.of(args[1]), List.of(Path.of(args[3]), Path.of(args[2])));
  }

  private void clear() throws IOException {
    if (Files.exists(out)) {
      try (Stream<Path> old = Files.walk(out)) {
        for (Path path : old.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
    Files.createDirectories(out.resolve("lib"));
  }

  private void write(String version, Path export, List<Path> first) throws Exception {
    List<Path> host = jars(export.resolve("host"));
    List<Path> orchestrator = jars(export.resolve("orchestrator"));
    List<String> hostPath = carry(concat(first, host));
    Set<String> orchestratorPath = new LinkedHashSet<>(hostPath);
    orchestratorPath.addAll(carry(orchestrator));
    put("host.classpath", hostPath);
    put("host.bundles", carry(host));
    put("host.lazy", carry(having(host, LAZY_IN_HOSTS)));
    put("orchestrator.classpath", orchestratorPath);
    put("orchestrator.lazy", carry(having(orchestrator, Set.of(NEVER_STARTED))));
    Set<String> inOrchestrator = new LinkedHashSet<>(carry(orchestrator));
    put("orchestrator.bundles", orchestratorPath.stream().filter(inOrchestrator::contains).toList());
    List<Path> issuer = having(orchestrator, Set.of("blackhole.orchestrator"));
    put("certificates.classpath", carry(concat(issuer, jars(export.resolve(CERTIFICATES)))));
    List<String> services = new ArrayList<>();
    try (Stream<Path> runs = Files.list(export)) {
      for (Path run : runs.sorted().toList()) {
        if (!NO_SERVICES.contains(run.getFileName().toString())) {
          services.add(service(jars(run), Set.copyOf(hostPath)));
        }
      }
    }
    put("services", services);
    index.put("version", version);
    index.put("digest", digest(index.toString().getBytes(StandardCharsets.UTF_8)));
    StringBuilder text = new StringBuilder("# which process is made of which jars; see WriteIndex\n");
    index.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
    Files.writeString(out.resolve("index.properties"), text);
  }

  /** A service is what its run has beyond the host's; its own bundle comes last. */
  private String service(List<Path> run, Set<String> host) throws Exception {
    List<Path> own = new ArrayList<>();
    for (Path jar : run) {
      if (!host.contains(name(jar))) {
        own.add(jar);
      }
    }
    Path bundle =
        own.stream()
            .filter(jar -> symbolicName(jar).startsWith("blackhole."))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no service bundle among " + own));
    own.remove(bundle);
    own.add(bundle);
    String symbolicName = symbolicName(bundle);
    put("service." + symbolicName, carry(own));
    String data = attributes(bundle).getValue("Blackhole-Data");
    index.put("data." + symbolicName, data == null ? "none" : data);
    return symbolicName;
  }

  private static List<Path> having(List<Path> jars, Set<String> symbolicNames) {
    return jars.stream().filter(jar -> symbolicNames.contains(symbolicName(jar))).toList();
  }

  private void put(String key, Iterable<String> values) {
    index.put(key, String.join(",", values));
  }

  private List<String> carry(List<Path> jars) throws Exception {
    List<String> carried = new ArrayList<>();
    for (Path jar : jars) {
      String name = name(jar);
      Path target = out.resolve("lib").resolve(name);
      if (!Files.exists(target)) {
        Files.copy(jar, target, StandardCopyOption.COPY_ATTRIBUTES);
      }
      index.put("size." + name, Long.toString(Files.size(jar)));
      carried.add(name);
    }
    return carried;
  }

  private String name(Path jar) throws Exception {
    String known = names.get(jar);
    if (known == null) {
      String file = jar.getFileName().toString();
      String digest = digest(Files.readAllBytes(jar));
      known = file.substring(0, file.length() - ".jar".length()) + "-" + digest + ".jar";
      names.put(jar, known);
    }
    return known;
  }

  private static List<Path> jars(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
  }

  private static List<Path> concat(List<Path> first, List<Path> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  private static String symbolicName(Path jar) {
    try {
      String header = attributes(jar).getValue("Bundle-SymbolicName");
      return header == null ? "" : header.split(";")[0].trim();
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + jar, e);
    }
  }

  private static Attributes attributes(Path jar) throws IOException {
    try (JarFile opened = new JarFile(jar.toFile())) {
      return opened.getManifest().getMainAttributes();
    }
  }

  private static String digest(byte[] bytes) throws Exception {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
    return HexFormat.of().formatHex(digest, 0, 8);
  }
}
