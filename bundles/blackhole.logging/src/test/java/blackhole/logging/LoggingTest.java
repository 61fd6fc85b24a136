package blackhole.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osgi.service.log.FormatterLogger;
import org.osgi.service.log.LogService;

/** Whatever a bundle logs with, {@code java.util.logging} has the line, and says whether. */
class LoggingTest {
  private static final String NAME = "test.talker";

  private final Logger jul = Logger.getLogger(NAME);
  private final List<LogRecord> records = new ArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord each) {
          records.add(each);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };
  private final BundleLogService service = new BundleLogService("test.bundle");

  @BeforeEach
  void listen() {
    handler.setLevel(Level.ALL);
    jul.setUseParentHandlers(false);
    jul.addHandler(handler);
    jul.setLevel(Level.INFO);
  }

  @AfterEach
  void stop() {
    jul.removeHandler(handler);
    jul.setUseParentHandlers(true);
    jul.setLevel(null);
  }

  private List<String> lines() {
    return records.stream()
        .map(each -> each.getLevel() + " " + new SimpleFormatter().formatMessage(each))
        .toList();
  }

  @Test
  void slf4jFindsTheProcesssLoggingByItself() {
    org.slf4j.Logger logger = org.slf4j.LoggerFactory.getLogger(NAME);
    Exception thrown = new IllegalStateException("odd");

    logger.info("{} of {}", 1, 2);
    logger.debug("not now");
    logger.warn("at last {}", "this", thrown);
    logger.atInfo().addKeyValue("user", "ada").log("hello");

    assertThat(lines())
        .containsExactly("INFO 1 of 2", "WARNING at last this", "INFO user=ada hello");
    assertThat(records).extracting(LogRecord::getLoggerName).containsOnly(NAME);
    assertThat(records.get(1).getThrown()).isSameAs(thrown);
  }

  @Test
  void loggersOfOsgiTakeEitherKindOfArguments() {
    Exception thrown = new IllegalStateException("odd");
    org.osgi.service.log.Logger braces = service.getLogger(NAME);
    FormatterLogger printf = service.getLogger(NAME, FormatterLogger.class);

    braces.info("plain 100 %");
    braces.info("{} of {}", 1, 2);
    braces.error("{} {} {}", "a", "b", "c", thrown);
    braces.warn("only {}", thrown);
    printf.info("%03d %s", 7, "up");
    printf.info("%d", "no number");
    braces.info(logger -> logger.info("worked out"));
    braces.debug(logger -> logger.info("not worked out"));

    assertThat(lines())
        .containsExactly(
            "INFO plain 100 %",
            "INFO 1 of 2",
            "SEVERE a b c",
            "WARNING only {}",
            "INFO 007 up",
            "INFO %d [no number] (java.util.IllegalFormatConversionException: d !="
                + " java.lang.String)",
            "INFO worked out");
    assertThat(records.get(2).getThrown()).isSameAs(thrown);
    assertThat(records.get(3).getThrown()).isSameAs(thrown);
  }

  @Test
  void levelsAreTheProcesssAndMayChange() {
    org.osgi.service.log.Logger logger = service.getLogger(NAME);
    logger.debug("before");
    jul.setLevel(Level.FINEST);
    logger.debug("after");
    logger.trace("deep");
    jul.setLevel(Level.SEVERE);
    logger.warn("too little");
    logger.audit("who was here");

    assertThat(lines()).containsExactly("FINE after", "FINEST deep", "AUDIT who was here");
    assertThat(logger.isErrorEnabled()).isTrue();
    assertThat(logger.isWarnEnabled()).isFalse();
  }

  @Test
  @SuppressWarnings("deprecation")
  void whatIsOlderThanLoggersHasTheBundlesName() {
    Logger older = Logger.getLogger("LogService.test.bundle");
    older.setUseParentHandlers(false);
    older.addHandler(handler);
    try {
      Exception thrown = new IllegalStateException("odd");
      service.log(LogService.LOG_ERROR, "it broke", thrown);
      service.log(LogService.LOG_DEBUG, "unheard of");
      service.log(0, "for the record");

      assertThat(lines()).containsExactly("SEVERE it broke", "AUDIT for the record");
      assertThat(records.get(0).getThrown()).isSameAs(thrown);
    } finally {
      older.removeHandler(handler);
      older.setUseParentHandlers(true);
    }
  }

  @Test
  void otherKindsOfLoggersAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> service.getLogger(NAME, JulLogger.class))
        .withMessageContaining("JulLogger");
  }
}
