package blackhole.sqlite;

import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What SQLite's error codes mean; the low byte is the kind, the rest says more of it. */
final class SqlErrors {
  private SqlErrors() {}

  static boolean isBusy(SQLException e) {
    return is(e, SQLiteErrorCode.SQLITE_BUSY);
  }

  static boolean isFull(SQLException e) {
    return is(e, SQLiteErrorCode.SQLITE_FULL);
  }

  private static boolean is(SQLException e, SQLiteErrorCode code) {
    return e instanceof SQLiteException failure
        && (failure.getResultCode().code & 0xff) == code.code;
  }
}
