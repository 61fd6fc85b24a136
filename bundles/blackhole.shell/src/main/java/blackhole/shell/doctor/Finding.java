package blackhole.shell.doctor;

/**
 * Something that is wrong, or soon will be.
 *
 * @param about an instance, a file, or a part of the machine
 * @param what is the matter
 * @param advice what to do
 */
public record Finding(Severity severity, String about, String what, String advice) {
  /** The worst first. */
  public enum Severity {
    /** Something does not work. */
    ERROR,
    /** Something does not work as it should, or soon will not. */
    WARNING
  }

  static Finding error(Object about, String what, String advice) {
    return new Finding(Severity.ERROR, about.toString(), what, advice);
  }

  static Finding warning(Object about, String what, String advice) {
    return new Finding(Severity.WARNING, about.toString(), what, advice);
  }
}
