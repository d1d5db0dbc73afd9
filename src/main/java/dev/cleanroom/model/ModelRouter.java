package dev.cleanroom.model;

import dev.cleanroom.model.tour.TourModel;
import dev.cleanroom.model.wire.WireClient;
import dev.cleanroom.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;

/** Takes each question to the provider that its model's id names. */
@ApplicationScoped
class ModelRouter implements ModelClient {
    private final Providers providers;
    private final WireClient wires;
    private final TourModel tour = new TourModel();

    ModelRouter(Providers providers, WireClient wires) {
        this.providers = providers;
        this.wires = wires;
    }

    @Override
    public Reply reply(Request request, Listener listener) throws InterruptedException, ModelException {
        var id = ModelId.of(request.model());
        if (id.provider().equals(TourModel.PROVIDER)) {
            return tour.reply(request, listener);
        }
        var named = providers.named(id.provider());
        if (named.isPresent()) {
            return wires.reply(named.get().endpoint(), id.name(), request, listener);
        }
        var first = providers.all().stream()
                .findFirst()
                .orElseThrow(() -> new ModelException(
                        ModelException.Kind.REFUSED,
                        new Problem(
                                "model.provider-missing",
                                503,
                                "No provider is set up for the model " + request.model()
                                        + ". Set a key in the settings, under Models, or choose another model.")));
        return wires.reply(first.endpoint(), request.model(), request, listener);
    }
}
