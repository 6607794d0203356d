//! The server renders a page once, where a browser keeps it alive: what that spares, in one place. Both sides make the
//! same markup of it, or the page could not be taken over.

use leptos::prelude::*;

#[cfg(feature = "hydrate")]
pub(crate) use browser::at_once;
#[cfg(not(feature = "hydrate"))]
pub(crate) use server::{at_once, written};

#[cfg(feature = "hydrate")]
mod browser {
    use super::*;
    use leptos::tachys::reactive_graph::OwnedView;

    /// The view that `make` makes, with an owner of its own below another one.
    ///
    /// What a `Suspend` gives stays on the page until its next view is there, but leptos disposes of its signals as
    /// soon as it begins to wait for that. These live as long as the view is shown.
    pub(crate) fn at_once<V: IntoView + 'static>(above: &Owner, make: impl FnOnce() -> V + Send + 'static) -> AnyView {
        let owner = above.child();
        let view = owner.with(make).into_any();
        OwnedView::new_with_owner(view, owner).into_any()
    }
}

#[cfg(not(feature = "hydrate"))]
mod server {
    use super::*;
    use crate::markup::Markup;
    use leptos::{
        attr::{Attribute, any_attribute::AnyAttribute},
        tachys::{
            hydration::Cursor,
            view::{Position, PositionState, add_attr::AddAnyAttr, any_view::AnyViewState},
        },
    };

    /// The view that `make` makes, when it is written. Only for a view inside which nothing waits for anything.
    ///
    /// leptos walks over what a `Suspend` gives, looking for something else to wait for: it makes the whole view, drops
    /// it, makes it again, and carries every element of it through a future of its own. Most of the time of a page whose
    /// data is all there would go into looking.
    pub(crate) fn at_once<V: IntoView + 'static>(_above: &Owner, make: impl FnOnce() -> V + Send + 'static) -> AnyView {
        AtOnce(Box::new(|| make().into_any())).into_any()
    }

    /// A view that is not made yet.
    struct AtOnce(Box<dyn FnOnce() -> AnyView + Send>);

    impl AtOnce {
        fn make(self) -> AnyView {
            (self.0)()
        }
    }

    impl RenderHtml for AtOnce {
        type AsyncOutput = Self;
        type Owned = Self;

        const MIN_LENGTH: usize = 0;

        fn dry_resolve(&mut self) {}

        async fn resolve(self) -> Self {
            self
        }

        fn to_html_with_buf(
            self,
            html: &mut String,
            position: &mut Position,
            escape: bool,
            mark_branches: bool,
            extra_attrs: Vec<AnyAttribute>,
        ) {
            let view = self.make();
            html.reserve(view.html_len());
            view.to_html_with_buf(html, position, escape, mark_branches, extra_attrs);
        }

        fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> AnyViewState {
            self.make().hydrate::<FROM_SERVER>(cursor, position)
        }

        fn into_owned(self) -> Self {
            self
        }
    }

    impl Render for AtOnce {
        type State = AnyViewState;

        fn build(self) -> AnyViewState {
            self.make().build()
        }

        fn rebuild(self, state: &mut AnyViewState) {
            self.make().rebuild(state);
        }
    }

    impl AddAnyAttr for AtOnce {
        type Output<NewAttr: Attribute> = AnyView;

        fn add_any_attr<NewAttr: Attribute>(self, attr: NewAttr) -> AnyView {
            self.make().add_any_attr(attr).into_any()
        }
    }

    /// A view that writes its own markup, for what a page has so many of that making a view of each would be most of
    /// the page's time. It must write what the view in the browser is taken over from, and a test must hold the two
    /// against each other.
    pub(crate) fn written(write: impl FnOnce(&mut Markup) + Send + 'static) -> AnyView {
        Written(Box::new(write)).into_any()
    }

    /// Not written yet.
    struct Written(Box<dyn FnOnce(&mut Markup) + Send>);

    impl RenderHtml for Written {
        type AsyncOutput = Self;
        type Owned = Self;

        const MIN_LENGTH: usize = 0;

        fn dry_resolve(&mut self) {}

        async fn resolve(self) -> Self {
            self
        }

        fn to_html_with_buf(
            self,
            html: &mut String,
            position: &mut Position,
            _escape: bool,
            _mark_branches: bool,
            _extra_attrs: Vec<AnyAttribute>,
        ) {
            (self.0)(&mut Markup::after(html));
            *position = Position::NextChild;
        }

        fn hydrate<const FROM_SERVER: bool>(self, _cursor: &Cursor, _position: &PositionState) {}

        fn into_owned(self) -> Self {
            self
        }
    }

    /// Only a browser builds.
    impl Render for Written {
        type State = ();

        fn build(self) {}

        fn rebuild(self, _state: &mut ()) {}
    }

    impl AddAnyAttr for Written {
        type Output<NewAttr: Attribute> = Self;

        fn add_any_attr<NewAttr: Attribute>(self, _attr: NewAttr) -> Self {
            self
        }
    }
}
