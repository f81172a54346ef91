package dev.modelfamily.planner;

import dev.modelfamily.api.v1alpha1.DataSourceSpec;
import dev.modelfamily.api.v1alpha1.DataSpec;
import dev.modelfamily.api.v1alpha1.DeadlinesSpec;
import dev.modelfamily.api.v1alpha1.EvaluationSpec;
import dev.modelfamily.api.v1alpha1.GateSpec;
import dev.modelfamily.api.v1alpha1.MemberSpec;
import dev.modelfamily.api.v1alpha1.MethodSpec;
import dev.modelfamily.api.v1alpha1.Mode;
import dev.modelfamily.api.v1alpha1.ModelFamilySpec;
import dev.modelfamily.api.v1alpha1.OnDataEnd;
import dev.modelfamily.api.v1alpha1.OnMiss;
import dev.modelfamily.api.v1alpha1.ParentSpec;
import dev.modelfamily.api.v1alpha1.Preset;
import dev.modelfamily.api.v1alpha1.PublishSpec;
import dev.modelfamily.api.v1alpha1.RetentionSpec;
import dev.modelfamily.api.v1alpha1.RetrySpec;
import dev.modelfamily.api.v1alpha1.S3Storage;
import dev.modelfamily.api.v1alpha1.SearchSpec;
import dev.modelfamily.api.v1alpha1.StorageSpec;
import dev.modelfamily.api.v1alpha1.TrainingSpec;
import java.util.ArrayList;
import java.util.List;

/** Builds specs for tests: the published method unless said otherwise, one evaluation set {@code docs}. */
public final class Families {
    private final List<MemberSpec> members = new ArrayList<>();
    private MethodSpec method = MethodSpec.of(Preset.PLRD);
    private TrainingSpec training = TrainingSpec.NOTHING;
    private RetrySpec retry = new RetrySpec(3, 20, "10s", "1m");
    private DeadlinesSpec deadlines = DeadlinesSpec.DEFAULT;
    private boolean suspend;
    private Mode mode = Mode.Run;
    private OnDataEnd onEnd = OnDataEnd.Repeat;
    private String parent = "hf://tiny/llama";
    private String texts = "file:train.jsonl";
    private RetentionSpec retention = RetentionSpec.DEFAULT;
    private List<PublishSpec> publish = List.of();
    private StorageSpec storage;
    private SearchSpec search;

    private Families() {}

    public static Families family() {
        return new Families();
    }

    /** A member made from the one before it. */
    public Families member(String name, String size) {
        return member(name, size, null);
    }

    public Families member(String name, String size, String from) {
        members.add(new MemberSpec(name, size, "1M", from, null, null, null));
        return this;
    }

    /** A member with a gate on {@code docs}. */
    public Families gated(String name, String size, String from, String ratio, OnMiss onMiss) {
        members.add(new MemberSpec(name, size, "1M", from, new GateSpec("docs", ratio, onMiss), null, null));
        return this;
    }

    public Families method(MethodSpec other) {
        method = other;
        return this;
    }

    public Families learningRate(String rate) {
        training = new TrainingSpec(null, null, rate, null, null, null, null, null, null, null);
        return this;
    }

    public Families training(String batchTokens, int sequenceLength) {
        training = new TrainingSpec(batchTokens, sequenceLength, null, null, null, null, null, null, null, null);
        return this;
    }

    public Families retry(int failures, int resumes) {
        retry = new RetrySpec(failures, resumes, "10s", "1m");
        return this;
    }

    public Families deadlines(String pending, String stage, String family) {
        deadlines = new DeadlinesSpec(pending, stage, family);
        return this;
    }

    public Families suspended(boolean value) {
        suspend = value;
        return this;
    }

    public Families planOnly() {
        mode = Mode.Plan;
        return this;
    }

    public Families onDataEnd(OnDataEnd value) {
        onEnd = value;
        return this;
    }

    public Families checkpointInterval(String interval) {
        training = new TrainingSpec(null, null, null, null, null, null, null, null, null, interval);
        return this;
    }

    public Families parent(String uri) {
        parent = uri;
        return this;
    }

    public Families texts(String uri) {
        texts = uri;
        return this;
    }

    public Families checkpointsKept(String time) {
        retention = new RetentionSpec(null, time, null);
        return this;
    }

    public Families published() {
        publish = List.of(new PublishSpec("hub", "hf://team/family", null, null, null, null));
        return this;
    }

    public Families inBucket() {
        storage = new StorageSpec(null, new S3Storage("bucket", null, null, null, null));
        return this;
    }

    public Families search(SearchSpec other) {
        search = other;
        return this;
    }

    public ModelFamilySpec build() {
        DataSourceSpec training = new DataSourceSpec(texts, null, null, null, null, null, null, null, null);
        EvaluationSpec docs = new EvaluationSpec("docs", "file:docs.txt", null, null, null, null, null, null, 10);
        return new ModelFamilySpec(
                new ParentSpec(parent, null, null),
                new DataSpec(training, List.of(docs), null, null, onEnd),
                method,
                this.training,
                List.copyOf(members),
                search,
                null,
                retry,
                deadlines,
                storage,
                publish,
                retention,
                suspend,
                mode);
    }
}
