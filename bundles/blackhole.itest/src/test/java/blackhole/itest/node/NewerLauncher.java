package blackhole.itest.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** A launcher that carries other versions of some bundles, as the next release would. */
final class NewerLauncher {
  private static final String LIB = "carried/lib/";
  private static final String INDEX = "carried/index.properties";
  private static final int DIGEST_BYTES = 8;

  private NewerLauncher() {}

  /**
   * @param bundles the new jar of each bundle, by its symbolic name
   * @param made where to put it
   */
  static Path of(Path launcher, Map<String, Path> bundles, Path made) throws Exception {
    try (ZipFile old = new ZipFile(launcher.toFile());
        ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(made))) {
      Map<String, String> renamed = new HashMap<>();
      Map<String, Path> contents = new HashMap<>();
      Enumeration<? extends ZipEntry> names = old.entries();
      while (names.hasMoreElements()) {
        String name = names.nextElement().getName();
        for (Map.Entry<String, Path> bundle : bundles.entrySet()) {
          if (name.startsWith(LIB + bundle.getKey() + "-")) {
            String file = bundle.getKey() + "-newer-" + digest(bundle.getValue()) + ".jar";
            renamed.put(name.substring(LIB.length()), file);
            contents.put(file, bundle.getValue());
          }
        }
      }
      Enumeration<? extends ZipEntry> entries = old.entries();
      while (entries.hasMoreElements()) {
        ZipEntry entry = entries.nextElement();
        String file =
            entry.getName().startsWith(LIB) ? entry.getName().substring(LIB.length()) : "";
        if (renamed.containsKey(file)) {
          String now = renamed.get(file);
          put(out, LIB + now, Files.readAllBytes(contents.get(now)));
        } else if (entry.getName().equals(INDEX)) {
          put(out, INDEX, index(read(old, entry), renamed, contents).getBytes(UTF_8));
        } else {
          put(out, entry.getName(), old.getInputStream(entry).readAllBytes());
        }
      }
    }
    return made;
  }

  private static String read(ZipFile zip, ZipEntry entry) throws IOException {
    return new String(zip.getInputStream(entry).readAllBytes(), UTF_8);
  }

  private static String index(String old, Map<String, String> renamed, Map<String, Path> contents)
      throws Exception {
    String index = old;
    for (Map.Entry<String, String> file : renamed.entrySet()) {
      index = index.replace(file.getKey(), file.getValue());
      String size = "size." + file.getValue() + "=";
      index =
          index.replaceFirst(
              "(?m)^" + Pattern.quote(size) + ".*$",
              size + Files.size(contents.get(file.getValue())));
    }
    return index.replaceFirst("(?m)^digest=.*$", "digest=" + digest(index.getBytes(UTF_8)));
  }

  private static void put(ZipOutputStream out, String name, byte[] bytes) throws IOException {
    out.putNextEntry(new ZipEntry(name));
    out.write(bytes);
    out.closeEntry();
  }

  private static String digest(Path file) throws Exception {
    return digest(Files.readAllBytes(file));
  }

  private static String digest(byte[] bytes) throws Exception {
    byte[] whole = MessageDigest.getInstance("SHA-256").digest(bytes);
    return HexFormat.of().formatHex(whole, 0, DIGEST_BYTES);
  }
}
