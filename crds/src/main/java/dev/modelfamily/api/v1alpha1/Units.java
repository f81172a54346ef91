package dev.modelfamily.api.v1alpha1;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How numbers are written in a family: as strings, since the API of Kubernetes has no floating point numbers. The patterns
 * are those of the schema, so a value that passed validation is always read.
 */
public final class Units {
    /** A DNS label. */
    public static final String LABEL = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";
    /** A count: 0, 65536, 250M, 1.2B. The suffixes are k, M, G or B (both 10⁹), T. */
    public static final String COUNT = "^([0-9]{1,18}|[0-9]{1,12}(\\.[0-9]{1,6})?[kMGBT])$";
    /** A share of the whole: 2%, 84.5%. */
    public static final String SHARE = "^[0-9]{1,3}(\\.[0-9]{1,4})?%$";
    /** A size: a share of the parent's parameters or a count of parameters. */
    public static final String SIZE = "^([0-9]{1,18}|[0-9]{1,12}(\\.[0-9]{1,6})?[kMGBT%])$";
    /** A decimal number: 1, 0.01, 3e-4. */
    public static final String DECIMAL = "^[0-9]{1,9}(\\.[0-9]{1,9})?([eE][-+]?[0-9]{1,2})?$";
    /** A temperature: 1, 0.5, 2; from 0.001 up and below 1000. */
    public static final String TEMPERATURE = "^(0\\.[0-9]{0,2}[1-9][0-9]{0,6}|[1-9][0-9]{0,2}(\\.[0-9]{1,9})?)$";
    /** A weight: 0, 0.25, 1; from 0 to 1. */
    public static final String WEIGHT = "^(0(\\.[0-9]{1,9})?|1(\\.0{1,9})?)$";
    /** A duration: 90s, 30m, 1h30m, 7d. */
    public static final String DURATION = "^([0-9]{1,6}[dhms]){1,4}$";
    /** A quantity of Kubernetes: 2, 500m, 64Gi. */
    public static final String QUANTITY =
            "^[-+]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][-+]?[0-9]+)?$";

    private static final Pattern PART_OF_DURATION = Pattern.compile("([0-9]+)([dhms])");

    private Units() {}

    /**
     * Reads a count such as {@code 250M}, rounded down to a whole number.
     *
     * @throws IllegalArgumentException where the text is not a count
     */
    public static long count(String text) {
        require(COUNT, text, "a count such as 65536, 250M or 1.2B");
        int last = text.length() - 1;
        int zeros = switch (text.charAt(last)) {
            case 'k' -> 3;
            case 'M' -> 6;
            case 'G', 'B' -> 9;
            case 'T' -> 12;
            default -> 0;
        };
        String digits = zeros == 0 ? text : text.substring(0, last);
        return new BigDecimal(digits).movePointRight(zeros).longValue();
    }

    /**
     * Reads a share such as {@code 2%} as a fraction of one.
     *
     * @throws IllegalArgumentException where the text is not a share
     */
    public static double share(String text) {
        require(SHARE, text, "a share such as 2% or 84.5%");
        return shareOf(text).doubleValue();
    }

    /**
     * Reads a size as a number of parameters, rounded down.
     *
     * @param whole the parameters of the parent, of which a share is taken
     * @throws IllegalArgumentException where the text is not a size
     */
    public static long size(String text, long whole) {
        require(SIZE, text, "a share such as 80% or a count of parameters such as 3300M");
        return text.endsWith("%")
                ? shareOf(text)
                        .multiply(BigDecimal.valueOf(whole))
                        .setScale(0, RoundingMode.FLOOR)
                        .longValue()
                : count(text);
    }

    /**
     * Reads a decimal number such as {@code 3e-4}.
     *
     * @throws IllegalArgumentException where the text is not a number
     */
    public static double decimal(String text) {
        require(DECIMAL, text, "a number such as 0.01 or 3e-4");
        return Double.parseDouble(text);
    }

    /**
     * Reads a duration such as {@code 1h30m}.
     *
     * @throws IllegalArgumentException where the text is not a duration
     */
    public static Duration duration(String text) {
        require(DURATION, text, "a duration such as 90s, 30m, 1h30m or 7d");
        Duration sum = Duration.ZERO;
        Matcher part = PART_OF_DURATION.matcher(text);
        while (part.find()) {
            long amount = Long.parseLong(part.group(1));
            sum = sum.plus(
                    switch (part.group(2)) {
                        case "d" -> Duration.ofDays(amount);
                        case "h" -> Duration.ofHours(amount);
                        case "m" -> Duration.ofMinutes(amount);
                        default -> Duration.ofSeconds(amount);
                    });
        }
        return sum;
    }

    private static BigDecimal shareOf(String text) {
        return new BigDecimal(text.substring(0, text.length() - 1)).movePointLeft(2);
    }

    private static void require(String pattern, String text, String what) {
        if (!text.matches(pattern)) {
            throw new IllegalArgumentException("'" + text + "' is not " + what);
        }
    }
}
