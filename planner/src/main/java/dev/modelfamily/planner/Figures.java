package dev.modelfamily.planner;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers as people read them. */
public final class Figures {
    private Figures() {}

    /** A count in at most four digits, such as {@code 134.5M}. */
    public static String count(long count) {
        return scaled((double) count, 1000, new String[] {"", "k", "M", "B", "T"});
    }

    /** A number of bytes in powers of 1024, such as {@code 1.2 GiB}. */
    public static String bytes(long bytes) {
        return scaled((double) bytes, 1024, new String[] {" B", " KiB", " MiB", " GiB", " TiB"});
    }

    /** A share of one, such as {@code 84.2%}. */
    public static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f%%", 100 * share);
    }

    /** A measured value in six digits, without an exponent where it can be. */
    public static String measured(double value) {
        if (!Double.isFinite(value)) {
            return Double.toString(value);
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(6)).stripTrailingZeros();
        return Math.abs(value) < 1e12 ? rounded.toPlainString() : rounded.toString();
    }

    /** A large number with an exponent, such as {@code 1.2e18}. */
    public static String power(double value) {
        return String.format(Locale.ROOT, "%.2e", value).replace("e+0", "e").replace("e+", "e");
    }

    /** Hours in one digit, or in three after the point where they are few. */
    public static String hours(double hours) {
        return String.format(Locale.ROOT, hours < 1 ? "%.3f" : "%.1f", hours);
    }

    private static String scaled(double value, double step, String[] units) {
        double rest = value;
        int unit = 0;
        while (rest >= step && unit < units.length - 1) {
            rest /= step;
            unit++;
        }
        String digits = unit == 0 || rest >= 1000 ? "%.0f" : rest >= 100 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, digits, rest) + units[unit];
    }
}
