package dev.modelfamily.trainer.fetch;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** A body of which nothing is read, however long it is: the connection is closed. */
record Unread<T>(T instead) implements BodySubscriber<T> {
    @Override
    public CompletionStage<T> getBody() {
        return CompletableFuture.completedStage(instead);
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscription.cancel();
    }

    @Override
    public void onNext(List<ByteBuffer> item) {
        // Nothing was asked for; what was on its way is dropped.
    }

    @Override
    public void onError(Throwable throwable) {
        // Nobody waits for the end.
    }

    @Override
    public void onComplete() {
        // Nobody waits for the end.
    }
}
