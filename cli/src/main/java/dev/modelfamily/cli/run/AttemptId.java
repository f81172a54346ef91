package dev.modelfamily.cli.run;

/** Which attempt: at which stage, for which member, the how-manieth. */
record AttemptId(String member, String key, int number) {
    /** The name of its process and its files; a member never has two attempts of one number. */
    String name() {
        return member + "-" + number;
    }
}
