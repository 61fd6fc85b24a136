package blackhole.telemetry.history;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * One sample as it is stored: its time, a checksum over all else, and a value for each column. A
 * column without a value has NaN. What was cut off in the middle has another checksum, and so is no
 * sample.
 */
record Slot(long timeMillis, double[] values) {
  private static final int HEAD_BYTES = 16;

  static int bytes(int columns) {
    return HEAD_BYTES + columns * Double.BYTES;
  }

  ByteBuffer encode() {
    ByteBuffer bytes = ByteBuffer.allocate(bytes(values.length));
    bytes.putLong(timeMillis).putInt(0).putInt(values.length);
    for (double value : values) {
      bytes.putDouble(value);
    }
    return bytes.putInt(Long.BYTES, checksum(bytes)).rewind();
  }

  /** Empty when there is no whole one in these bytes, as where none was written yet. */
  static Optional<Slot> decode(ByteBuffer bytes, int columns) {
    int stored = bytes.getInt(Long.BYTES);
    int count = bytes.getInt(Long.BYTES + Integer.BYTES);
    if (count != columns || stored != checksum(bytes)) {
      return Optional.empty();
    }
    double[] values = new double[columns];
    for (int i = 0; i < columns; i++) {
      values[i] = bytes.getDouble(HEAD_BYTES + i * Double.BYTES);
    }
    return Optional.of(new Slot(bytes.getLong(0), values));
  }

  private static int checksum(ByteBuffer bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes.duplicate().position(0).limit(Long.BYTES));
    checksum.update(bytes.duplicate().position(Long.BYTES + Integer.BYTES).limit(bytes.capacity()));
    return (int) checksum.getValue();
  }
}
