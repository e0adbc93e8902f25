// The list of exercises above the notebook: each with a link, its points, and whether it waits for a mark.
(function () {
    var render = GradeUI.prototype.render;

    function words(grade) {
        var most = grade.get("max_score"), manual = grade.get("manual_score"), automatic = grade.get("auto_score");
        var question = most_points[grade.get("name")] !== undefined;
        if (grade.get("needs_manual_grade") && manual === null) {
            return "to be marked, up to " + roundToPrecision(most, 2);
        }
        var points = Number(manual === null ? automatic : manual) + Number(grade.get("extra_credit"));
        return roundToPrecision(points, 2) + " of " + roundToPrecision(most, 2)
            + (question ? ", extra credit" : "") + (grade.get("needs_manual_grade") ? ", to be looked at again" : "");
    }

    GradeUI.prototype.render = function () {
        render.call(this);
        var grade = this.model;
        $(".exercises li").filter(function () {
            return $(this).data("grade") === grade.get("name");
        }).find("span").text(words(grade)).toggleClass("waits", Boolean(grade.get("needs_manual_grade")));
    };

    $(document).ready(function () {
        var list = $("<ol class='exercises'/>");
        $(".nbgrader_cell input.score").each(function () {
            var link = $("<a/>").attr("href", "#" + this.id).append($("<code/>").text(this.id.replace(/^test_/, "")));
            list.append($("<li/>").data("grade", this.id).append(link, " ", $("<span/>")));
        });
        if (list.children().length) {
            $("#notebook").before(list);
        }
    });
}());
