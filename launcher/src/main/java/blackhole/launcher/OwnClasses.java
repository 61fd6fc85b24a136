package blackhole.launcher;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.security.CodeSource;
import java.util.Enumeration;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * Loads the launcher's classes before they are needed: a guardian lives for months, and meanwhile
 * somebody writes a newer launcher over the jar that it runs from. What it starts was unpacked; so
 * its own code is all that it still needs from the jar.
 */
final class OwnClasses {
  private static final String[] PACKAGES = {"blackhole/launcher/", "blackhole/shell/"};
  private static final String SUFFIX = ".class";

  private OwnClasses() {}

  /** Returns at once; a start does not wait for what only a restart needs. */
  static void loadInBackground() {
    Thread thread = new Thread(OwnClasses::load, "load-classes");
    thread.setDaemon(true);
    thread.start();
  }

  private static void load() {
    CodeSource source = OwnClasses.class.getProtectionDomain().getCodeSource();
    if (source == null) {
      return;
    }
    try {
      File file = new File(source.getLocation().toURI());
      if (file.isFile()) {
        load(file);
      }
    } catch (IOException | URISyntaxException e) {
      // then they are loaded when they are needed, as ever
    }
  }

  private static void load(File file) throws IOException {
    try (JarFile jar = new JarFile(file)) {
      for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
        String name = entries.nextElement().getName();
        if (name.endsWith(SUFFIX) && isOwn(name)) {
          load(name.substring(0, name.length() - SUFFIX.length()).replace('/', '.'));
        }
      }
    }
  }

  private static boolean isOwn(String entry) {
    for (String name : PACKAGES) {
      if (entry.startsWith(name)) {
        return true;
      }
    }
    return false;
  }

  private static void load(String name) {
    try {
      Class<?> unused = Class.forName(name, false, OwnClasses.class.getClassLoader());
    } catch (ClassNotFoundException | LinkageError e) {
      // of a part that this jar does not carry whole, because the launcher never runs it
    }
  }
}
