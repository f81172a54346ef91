package dev.modelfamily.cli.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Where news wait for the one thread that acts on them. */
final class Mailbox {
    private final BlockingQueue<News> news = new LinkedBlockingQueue<>();

    void put(News item) {
        news.add(item);
    }

    /** All news, as soon as there is one; none after the time. */
    List<News> await(Optional<Duration> most) throws InterruptedException {
        List<News> all = new ArrayList<>();
        News first = most.isEmpty() ? news.take() : news.poll(most.get().toMillis(), TimeUnit.MILLISECONDS);
        if (first != null) {
            all.add(first);
            news.drainTo(all);
        }
        return all;
    }
}
