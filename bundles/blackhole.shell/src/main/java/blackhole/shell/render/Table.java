package blackhole.shell.render;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows under headings, aligned, and fitted to a width: first the widest columns that may shrink do,
 * then the last ones are left out. Not thread-safe.
 */
public final class Table {
  private static final int GAP = 2;
  private static final int NARROWEST = 8;
  private static final String NOTHING = "-";

  private final List<Column> columns;
  private final List<String[]> rows = new ArrayList<>();

  /** A column: numbers stand to the right; only text may be cut. */
  private record Column(String heading, boolean number) {}

  private Table(List<Column> columns) {
    this.columns = columns;
  }

  /** Headings in order; one that ends in {@code #} is of numbers. */
  public static Table of(String... headings) {
    List<Column> columns = new ArrayList<>();
    for (String heading : headings) {
      boolean number = heading.endsWith("#");
      columns.add(
          new Column(number ? heading.substring(0, heading.length() - 1) : heading, number));
    }
    return new Table(columns);
  }

  /** Adds a row; null and empty cells show as a dash. */
  public Table row(@Nullable Object... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(cells.length + " cells in " + columns.size());
    }
    String[] row = new String[cells.length];
    for (int i = 0; i < cells.length; i++) {
      String text = cells[i] == null ? "" : printable(String.valueOf(cells[i]));
      row[i] = text.isEmpty() ? NOTHING : text;
    }
    rows.add(row);
    return this;
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /**
   * Lines, each ended, headings first.
   *
   * @param width the longest line; 0 for as long as it takes
   */
  public String render(int width) {
    int[] widths = widths();
    int shown = fit(widths, width);
    StringBuilder text = new StringBuilder();
    line(text, columns.stream().map(Column::heading).toArray(String[]::new), widths, shown);
    rows.forEach(row -> line(text, row, widths, shown));
    return text.toString();
  }

  private int[] widths() {
    int[] widths = columns.stream().mapToInt(column -> length(column.heading())).toArray();
    for (String[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        widths[i] = Math.max(widths[i], length(row[i]));
      }
    }
    return widths;
  }

  /** Shrinks the widths; returns how many columns are left. */
  private int fit(int[] widths, int width) {
    int shown = widths.length;
    int[] natural = widths.clone();
    while (width > 0 && shown > 1 && total(widths, shown) > width) {
      int widest = -1;
      for (int i = 0; i < shown; i++) {
        boolean shrinks = !columns.get(i).number() && widths[i] > NARROWEST;
        if (shrinks && (widest < 0 || widths[i] >= widths[widest])) {
          widest = i;
        }
      }
      if (widest < 0) {
        shown--;
        // what shrank for the column that is gone now did so in vain
        System.arraycopy(natural, 0, widths, 0, natural.length);
      } else {
        widths[widest]--;
      }
    }
    return shown;
  }

  private static int total(int[] widths, int shown) {
    return Arrays.stream(widths, 0, shown).sum() + GAP * (shown - 1);
  }

  private void line(StringBuilder text, String[] cells, int[] widths, int shown) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < shown; i++) {
      String cell = cut(cells[i], widths[i]);
      String padding = " ".repeat(widths[i] - length(cell));
      line.append(columns.get(i).number() ? padding + cell : cell + padding);
      line.append(" ".repeat(GAP));
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }

  private static String cut(String cell, int width) {
    if (length(cell) <= width) {
      return cell;
    }
    return cell.substring(0, cell.offsetByCodePoints(0, width - 1)) + "…";
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /** What a service says of itself must not move the cursor, nor break the line. */
  private static String printable(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints().forEach(c -> clean.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
    return clean.toString().strip();
  }
}
