// A mark that cannot count is not kept, and the page says why. nbgrader's page cuts it without a word.
// most_points: extra credit at most by question, which for nbgrader are cells of 0 points.
Grade.prototype.parse = function (data) {
    if (data && most_points[data.name] !== undefined) {
        data.max_score = most_points[data.name];
    }
    return data;
};

(function () {
    var save = GradeUI.prototype.save;
    var full = GradeUI.prototype.assignFullCredit;

    function number(field) {
        return field.val() === "" ? 0 : Number(field.val());
    }

    function refusal(ui) {
        var score = number(ui.$score), extra = number(ui.$extra_credit), most = ui.model.get("max_score");
        var entered = most_points[ui.model.get("name")] === undefined ? score : score + extra;
        if (score < 0 || extra < 0) {
            return "A mark below 0 cannot be kept; nothing was changed.";
        }
        if (entered > most) {
            return entered + " points cannot be kept: this gives up to " + most + ". Nothing was changed.";
        }
        return "";
    }

    GradeUI.prototype.save = function () {
        var words = refusal(this);
        this.$el.find(".mark-refused").remove();
        if (words) {
            this.$el.find(".panel-heading").after($("<div class='mark-refused' role='alert'>").text(words));
            this.render();
            $(document).off("finished_saving");
            return;
        }
        save.call(this);
    };

    GradeUI.prototype.assignFullCredit = function () {
        this.$el.find(".mark-refused").remove();
        if (most_points[this.model.get("name")] !== undefined) {
            this.model.set("extra_credit", null, {silent: true});
        }
        full.call(this);
    };
}());
