-- The profile that is nearest to a respondent: Euclidean distance between the frozen centroids and the respondent's
-- relative importances, standardised by the frozen means and standard deviations. Empty while there are no profiles.
-- Grain: one row per response.

with

scores as (select * from mixes.motive_scores),

profiles as (
    select
        list(profile order by position) as profiles,
        list(centroid order by position) as centroids,
        any_value(means) as means,
        any_value(sds) as sds
    from mixes.profile_centroids
    having count(*) > 0
),

standardised as (
    select
        scores.response,
        scores.group_number,
        profiles.profiles,
        profiles.centroids,
        list_transform(
            generate_series(1, length(scores.relative_importances)),
            lambda place: (scores.relative_importances[place] - profiles.means[place]) / profiles.sds[place]
        ) as point
    from scores
    cross join profiles
),

distances as (
    select
        *,
        list_transform(centroids, lambda centroid: list_distance(point, centroid)) as distances
    from standardised
)

select
    response,
    group_number,
    profiles[list_position(distances, list_min(distances))] as profile
from distances
