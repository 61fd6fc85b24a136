package blackhole.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** The files of a cgroup file system, where a folder is a group and its files are its controls. */
class CgroupFiles {
  boolean exists(Path path) {
    return Files.exists(path);
  }

  String read(Path file) throws IOException {
    return Files.readString(file);
  }

  /** In one write, as the kernel wants it; never makes a file. */
  void write(Path file, String value) throws IOException {
    Files.write(file, value.getBytes(StandardCharsets.UTF_8), StandardOpenOption.WRITE);
  }

  /** Makes a group unless there is one. */
  void makeGroup(Path group) throws IOException {
    try {
      Files.createDirectory(group);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(group)) {
        throw e;
      }
    }
  }

  /** Removes a group that holds neither processes nor groups; fails with an exception else. */
  void removeGroup(Path group) throws IOException {
    Files.delete(group);
  }

  /** The groups in a group; none when there is no such group. */
  List<Path> groups(Path group) {
    List<Path> groups = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(group, Files::isDirectory)) {
      entries.forEach(groups::add);
    } catch (IOException | DirectoryIteratorException e) {
      return List.of();
    }
    return groups;
  }

  /** The processes in a group itself; none when there is no such group. */
  final List<Long> processes(Path group) {
    List<Long> pids = new ArrayList<>();
    try {
      read(group.resolve("cgroup.procs")).lines().map(Long::parseLong).forEach(pids::add);
    } catch (IOException | NumberFormatException e) {
      return List.of();
    }
    return pids;
  }

  /** The number behind a name in a file of lines {@code NAME NUMBER}; 0 when there is none. */
  final long count(Path file, String name) {
    try {
      return read(file)
          .lines()
          .filter(line -> line.startsWith(name + " "))
          .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1).trim()))
          .findFirst()
          .orElse(0);
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }

  /** What went wrong, in words, with the file or folder. */
  static String reason(Path path, IOException problem) {
    if (problem instanceof AccessDeniedException) {
      return "no rights to write " + path;
    }
    if (problem instanceof NoSuchFileException) {
      return "the kernel offers no " + path;
    }
    String words = problem instanceof FileSystemException system ? system.getReason() : null;
    return "cannot write " + path + ": " + (words == null ? problem.getMessage() : words);
  }
}
